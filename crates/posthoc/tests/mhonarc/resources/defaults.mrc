Nothing is set here.
