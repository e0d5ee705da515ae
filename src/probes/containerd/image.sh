# `ctr images ls` prints REF TYPE DIGEST SIZE PLATFORMS LABELS; a blob is JSON where it is a manifest or a configuration.
# shellcheck shell=sh disable=SC2154 # variables of other functions
hw_image() {
  hw_k=$1
  hw_p=$2
  hw_c=$3
  shift 3
  [ "$hw_up" = yes ] || {
    echo "image $hw_k down"
    return
  }
  while read -r hw_n hw_t hw_d hw_r; do
    [ "$hw_n" = "$hw_p" ] || continue
    echo "image $hw_k there $hw_d ${hw_r##* }"
    [ -z "$hw_c" ] || hw_blobs "$hw_d" "$@"
    return
  done <<HW_EOF
$hw_images
HW_EOF
  echo "image $hw_k absent"
}
hw_blob() {
  hw_d=$1
  shift
  hw_b=$("$@" "$hw_d" 2>/dev/null | tr -d '\n\r\t') && [ -n "$hw_b" ] && printf 'blob %s %s\n' "$hw_d" "$(printf %s "$hw_b" | base64 | tr -d '\n')"
}
hw_config() {
  hw_t=$(printf %s "$hw_b" | sed 's/.*"config" *: *{\([^}]*\)}.*/\1/' | grep -o 'sha256:[0-9a-f]*')
  hw_blob "${hw_t:-none}" "$@"
}
hw_blobs() {
  hw_t=$1
  shift
  hw_blob "$hw_t" "$@" || return
  case $hw_b in *'"manifests"'*) ;; *)
    hw_config "$@"
    return
    ;;
  esac
  for hw_l in $(printf %s "$hw_b" | grep -o '"digest" *: *"sha256:[0-9a-f]*"' | grep -o 'sha256:[0-9a-f]*'); do
    hw_blob "$hw_l" "$@" && hw_config "$@"
  done
}
