"""Hides Debian's passlib from the oracles: where it is installed, Ansible hashes passwords in another way."""
raise ImportError("the tests take Python's own crypt")
