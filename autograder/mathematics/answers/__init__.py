"""Students' written answers, read line by line; nothing here imports SymPy, and nothing evaluates text.

Text goes through fixed regular expressions and a reader of our own to a tree, and the tree to numbers of 40 digits, by
bounded steps. It runs in the sandbox (`autograder.sandbox._prover`), never in the grader's process. What letters
mean is said by a question's setting, and by what the student defines.

================  ================================================================================
module            what it does
================  ================================================================================
``walking``       finds the formulas of a document
``document``      their questions and cases
``markup``        what a text says by other marks than TeX's
``openings``      what opens a formula, a heading, code, what is struck out
``tables``        what the cells of tables say
``blocks``        each formula with what stands around it
``joining``       formulas that words or a sign join to the one before, or change
``typed``         formulas typed without marks, or as code
``plain``         finds formulas in lines without marks of mathematics
``headings``      which question a heading names
``prose``         reads which case some words are about
``casing``        gives formulas the cases in the words around them
``listed``        cases that are named first, or stand in a table
``deltas``        deltas of which words say that they are not Kronecker's
``values``        and which values
``rejected``      what a text itself calls wrong
``single``        words that speak of one number in place of a vector
``restricting``   words that may restrict a formula
``denying``       words by which it is less than true
``usual_words``   words of a plain derivation
``spoken``        equalities whose sign is a word
``spoken_of``     which statement a formula goes on with, or speaks of
``mentions``      letters of which words say what they are
``calling``       letters that words give to a formula
``slices``        letters that words give to rows and columns
``sayings``       letters that words give to a thing of a question
``marks``         takes a formula apart into marks
``dashed``        indices with a prime
``accents``       letters with an accent
``cleaning``      takes dress off marks, other spellings made one
``spelled``       names that are words without any mark for that
``factors``       dots and colons between factors
``macros``        writes macros out, within bounds
``hanging``       cases on a sign of equality or in a tag
``taking``        statements while a formula comes apart
``stated``        cases that stand in a formula
``dialect``       takes marks apart into chains of equalities
``letters``       what letters may be while a side is read
``scanner``       marks taken one after the other
``notations``     how sums and functions are written
``slopes``        how derivatives are written
``environments``  matrices and cases
``atoms``         letters, numbers, brackets, and what belongs to each
``scripts``       indices, powers, primes, arguments
``alike``         what two terms have in common
``series``        terms with dots between them
``sides``         reads a side to a tree
``known``         what a question's setting says of letters
``asked``         questions and the answers they ask for
``numbers``       numbers that carry a derivative, and matrices of them
``matrices``      a matrix put together from its entries or from smaller ones
``entries``       what is computed entry by entry
``records``       layouts, definitions, points, what stands around a line
``points``        the numbers of a point, and how a person is told of them
``totals``        sums, and how far letters run
``worlds``        what a tree is worth at one point
``unnamed``       and a symbol that no setting has
``powers``        whole powers of square matrices
``unsized``       identities and ones whose size nobody writes
``seconds``       derivatives of derivatives
``derivatives``   derivatives there, by the student's own letters too
``operations``    what only students write
``dots``          matrices with dots
``limits``        limits of quotients
``habits``        what a text says of its letters
``chains``        statements with their question, parsed
``asking``        which question each line belongs to
``pieces``        from a piece of text to its chains
``aliases``       letters that are a setting's under another name
``own``           the student's own letters
``functions``     and functions
``gradients``     letters for derivatives
``definitions``   what these stand for, and where
``implied``       letters that a chain puts in the place of something
``worded``        what those stand for that words alone define
``expansions``    those that an expansion defines
``supposed``      letters that nothing defines
``general``       rules for any functions
``identities``    identities for any matrices
``directions``    letters that may be anything, such as a direction
``nearby``        what holds near such letters, to first order
``stacking``      letters for the columns of a matrix
``conditions``    the cases that chains are about
``choices``       numbers and sizes that the student chooses
``indices``       index letters that no sum binds
``rows``          rows of cases and matrices in a side
``parameters``    a letter for any parameter
``written_sizes`` sizes of lines with entries written out
``comparing``     whether two sides agree, and the smallest place where not
``differing``     the place where two sides differ, for a person
``trying``        the same at one size, while letters and layouts are tried
``instead``       what stands for sides that cannot be compared as they are
``claims``        that two sides agree
``borrowed``      letters that are taken for others
``doubts``        whether it is certain what a side says
``examples``      whether a line is about an example
``conventions``   texts that take matrices the other way round
``mistakes``      the one change that makes a side right
``layouts``       which layout of derivatives the student writes in
``final``         final answers
``placing``       which question a text answers where nothing tells it
``remarks``       what is said of a whole text
``judging``       all of it: lines and final answers
================  ================================================================================
"""
