this is file 90
