this is file 95
