"""The class report for the instructor: how the class did, what tells students apart, which mistakes are common.

From the outside in: `autograder.gradebook.reading` reads the folder, `anonymous` takes the names out if asked to,
`summary` works out the `records` with `measures` and `attention`, `content` and `people` put them into words and tables
(`elements`) once, `page` and `document` print those as HTML and as PDF. `roster` is the page's alone.
"""
