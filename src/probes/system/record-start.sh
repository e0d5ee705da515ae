# The step's part that notes what a unit is started with: before the start what the files are, after it which start that was.
# shellcheck shell=sh
hw_started_with() {
  hw_index
  hw_sums >/dev/null
  hw_d="
$(hw_known "$@")
"
  hw_body=
  for hw_p; do
    hw_s=-
    case $hw_d in *"  $hw_p
"*)
      hw_s=${hw_d%%"  $hw_p
"*}
      hw_s=${hw_s##*
}
      hw_remember "$hw_s" "$hw_p"
      ;;
    esac
    hw_body="${hw_body}file $hw_s $hw_p
"
    case $hw_p in *.toml) [ ! -f "$hw_p" ] || hw_body="${hw_body}copy $(head -c 65537 -- "$hw_p" | base64 -w0) $hw_p
" ;; esac
  done
  hw_index
}
hw_started_with_drop_ins() {
  hw_body="${hw_body}drop-ins
"
  for hw_p; do
    [ -e "$hw_p" ] || [ -L "$hw_p" ] || continue
    hw_s=-
    [ ! -f "$hw_p" ] || hw_s=$(sha256sum <"$hw_p")
    hw_body="${hw_body}drop-in ${hw_s%% *} $hw_p
"
  done
}
hw_note_start() {
  mkdir -p "$HW_STATE_DIR/started" && printf 'invocation %s\n%s' "$2" "$hw_body" >"$HW_STATE_DIR/started/.$1.new" && mv -f "$HW_STATE_DIR/started/.$1.new" "$HW_STATE_DIR/started/$1"
}
