# shellcheck shell=sh
hw_globbed() {
  echo globbed
  hw_i=$IFS
  IFS=
  # a pattern is one word, whatever is in it, and spread here
  for hw_g; do for hw_p in $hw_g; do
    if [ -f "$hw_p" ]; then
      printf 'text %s %s %s\n' "$(sha256sum <"$hw_p" | head -c 64)" "$(head -c 65536 -- "$hw_p" | base64 -w0)" "$hw_p"
    fi
  done; done
  IFS=$hw_i
}
