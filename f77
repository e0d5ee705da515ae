this is file 77
