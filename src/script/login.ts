/**
 * Shell: notes the directory, the umask and the locale that the login started with; then `hw_login
 * [DIRECTORY]` goes back to them, so that what users wrote runs as it would by hand. Who may not
 * read that directory is taken home, as Ansible takes him to a directory of his own.
 */
export const LOGIN_FUNCTION = String.raw`hw_start=$PWD hw_umask=$(umask) hw_lc=${"${LC_ALL-}"}
hw_login() {
  umask "$hw_umask"
  if [ -n "$hw_lc" ]; then export LC_ALL="$hw_lc"; else unset LC_ALL; fi
  { cd -- "${"${1:-$hw_start}"}" && [ -r . ]; } 2>/dev/null || { cd ~ && [ -r . ]; } 2>/dev/null || cd /tmp
}`;
