"""Other graders, each with the homework's four functions written the way its users write them, in namespaces."""
