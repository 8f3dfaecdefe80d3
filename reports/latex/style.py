"""What our documents add to LaTeX: where pages break, headings, a chain of equalities, a boxed result, one letter."""

from __future__ import annotations

PAGES = r"""
% A page may end up to an eighth empty before TeX breaks inside what belongs together (\penalty\inside): the stretch at
% its top makes the badness of a break grow with the cube of what is left empty. It never moves the text, for the
% page's foot stretches infinitely more.
\raggedbottom
\topskip=11pt plus 30mm
\newcount\inside \inside=100
\makeatletter
\@secpenalty=-20
\makeatother
\widowpenalty=10000 \clubpenalty=10000 \interlinepenalty=\inside \postdisplaypenalty=\inside
"""

HEADINGS = r"""
% A heading's bookmark points at a mark above it, and a change of color between the lines is one more: no page may end
% between them and the heading.
\makeatletter
\newcommand{\headingfont}{\nobreak\normalfont\bfseries\raggedright\leavevmode}
\renewcommand{\section}{\@startsection{section}{1}{\z@}{-14pt plus -4pt}{5pt}{\headingfont\Large\color{accent}}}
\renewcommand{\subsection}{\@startsection{subsection}{2}{\z@}{-11pt plus -3pt}{4pt}{\headingfont\large}}
\renewcommand{\subsubsection}{\@startsection{subsubsection}{3}{\z@}{-9pt plus -3pt}{3pt}{\headingfont\normalsize}}
\makeatother
"""

TITLE = r"""
\makeatletter
\newcommand{\given}[1]{\if\relax\detokenize{#1}\relax\expandafter\@gobble\else\expandafter\@firstofone\fi}
\makeatother
\newcommand{\titleblock}[3]{{\raggedright{\LARGE\bfseries\color{accent}#1\par}%
  \given{#2}{\vskip 3pt{\large #2\par}}\given{#3}{\vskip 5pt{\color{soft}#3\par}}}}
"""

REALS = r"""
% The letter for the real numbers is drawn, as not every engine has a font with it; under it lies an R that is not seen,
% and that is read as the right character.
\makeatletter
\newcommand{\mathbb}[1]{\ifx R#1\mathord{\mathchoice
  {\drawnreals\f@size}{\drawnreals\f@size}{\drawnreals\sf@size}{\drawnreals\ssf@size}}\else\mathbf{#1}\fi}
\newcommand{\drawnreals}[1]{\hbox to .722\dimexpr#1pt\relax{%
  \pdfliteral page{/Span <</ActualText <FEFF211D>>> BDC 3 Tr}\rlap{\fontsize{#1}{#1}\normalfont R}%
  \pdfliteral page{0 Tr EMC}%
  \pdfliteral{q \strip@pt\dimexpr#1pt*996/100000\relax\space 0 0 \strip@pt\dimexpr#1pt*996/100000\relax\space 0 0 cm
    3.5 w 0 J 1 j 2.5 66.3 m 39 66.3 l 54 66.3 63 59.5 63 49.5 c 63 39 53 32.5 38 32.5 c 26.5 32.5 l S
    10.5 66 m 10.5 2 l S 26 66 m 26 2 l S 2.5 2 m 34 2 l S 35 32.5 m 55.5 2 l 70.5 2 l S 48 33.5 m 69 2 l S Q}%
  \hss}}
\makeatother
"""

EQUALITIES = r"""
% One line of a chain: first side (or nothing), next side, reason; all on one baseline. A long reason may reach down
% beside the next line, which has room for it.
% What is wider than it may be is shrunk.
\newcommand{\fitted}[2]{\setbox6=\hbox{#2}\ifdim\wd6>\dimexpr#1\relax\resizebox{\dimexpr#1\relax}{!}{\box6}\else\box6\fi}
\newdimen\leftside
\newdimen\reasons \reasons=48mm
\newcommand{\reasonoverhang}{5pt}
\newcommand{\equality}[3]{\par
  \setbox0=\hbox{$\displaystyle #1$\thinspace}%
  \given{#1}{\leftside=\ifdim\wd0<16mm 16mm\else\wd0\fi}%
  \setbox2=\hbox{\fitted{\linewidth-\leftside-\reasons}{$\displaystyle {}=#2$}}%
  \setbox4=\vtop{\hsize=\reasons\footnotesize\raggedright\parskip=0pt\noindent{\color{soft}\strut#3\strut\par}}%
  \dp4=\dimexpr\dp4-\reasonoverhang\relax
  \ifdim\dp4<\dp2 \dp4=\dp2 \fi
  \hbox to\linewidth{\hbox to\leftside{\hfil\box0}\box2\hfil\box4}}
\newcommand{\together}{\nobreak\vskip 6pt}
\newcommand{\apart}{\penalty\inside\vskip 6pt}
\newcommand{\chainend}{\nobreak\vskip\reasonoverhang\nobreak\vskip 3pt}
% A chain on one line: its first side, and each equality sign with its number over it.
\newcommand{\chainrow}[2]{\mbox{\fitted{\linewidth}{$\displaystyle #1#2$}}\hskip 2.2em plus 1fil\penalty0 }
\newcommand{\numbered}[2]{\mathrel{\overset{\scriptscriptstyle\color{soft}#1}{=}}#2}
\newcommand{\reasonof}[2]{{\bfseries #1}~#2 }
% A result: its name and its shape, the formula, when it holds; below it a few words.
\newcommand{\result}[5]{\hbox{\fboxsep=3.5pt\fcolorbox{accent}{tint}{%
  \vbox{\hsize=\dimexpr\linewidth-2\fboxsep-2\fboxrule\relax
    \hbox to\hsize{\resultside{\textbf{\color{accent}\small #1}\given{#2}{\par\color{accent}\footnotesize $#2$}}%
      \hfil\fitted{\hsize-36mm}{$\displaystyle #3$}\hfil\resultside{\raggedleft\small\color{soft}#4}}%
    \given{#5}{\vskip 4pt \parbox{\hsize}{\small #5}\vskip 1pt}}}}}
\newcommand{\resultside}[1]{$\vcenter{\hsize=18mm\parskip=0pt\raggedright\noindent{\leavevmode #1\par}}$}
"""

FIGURES = r"""
\newcommand{\shownfigure}[3]{\par\vskip 6pt\vbox{\refstepcounter{figure}\label{#3}%
  \hbox to\linewidth{\hfil#1\hfil}\vskip 7pt
  \hbox to\linewidth{\hfil\parbox{.96\linewidth}{%
    \small\textbf{\color{accent}Figure~\thefigure.}\enspace #2}\hfil}}\vskip 8pt}
"""

STYLE = PAGES + HEADINGS + TITLE + REALS + EQUALITIES + FIGURES
