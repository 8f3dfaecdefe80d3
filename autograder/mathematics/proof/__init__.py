"""Our own derivations, proved line by line with SymPy; never in the sandbox."""
