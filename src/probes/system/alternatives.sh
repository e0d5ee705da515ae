# Writes what --display says as words with tabs between, both as Debian and as Red Hat's kin have it.
# shellcheck shell=sh
hw_alternatives() {
  command -v update-alternatives >/dev/null || {
    echo none
    return
  }
  LC_ALL=C update-alternatives --display "$1" 2>/dev/null | while IFS= read -r hw_l; do
    case $hw_l in
    "$1 - "*auto*) printf 'mode\tauto\n' ;;
    "$1 - "*manual*) printf 'mode\tmanual\n' ;;
    ' '*'link best version is '*) ;;
    ' '*'link currently points to '*) printf 'value\t%s\n' "${hw_l#*points to }" ;;
    ' '*'link '*' is '*) printf 'link\t%s\n' "${hw_l#*link * is }" ;;
    /*' priority '*)
      hw_p=${hw_l% - *priority *}
      printf 'choice\t%s\t%s\n' "$hw_p" "${hw_l##* priority }"
      ;;
    ' '*': (null)') ;;
    ' '*' '*': '*)
      hw_f=${hw_l#"${hw_l%%[! ]*}"} hw_f=${hw_f#* }
      printf 'follower\t%s\t%s\t%s\n' "$hw_p" "${hw_f%%: *}" "${hw_f#*: }"
      [ -e "${hw_f#*: }" ] || printf 'missing\t%s\n' "${hw_f#*: }"
      ;;
    ' '*' '*' is '*)
      hw_f=${hw_l#"${hw_l%%[! ]*}"} hw_f=${hw_f#* }
      printf 'links\t%s\t%s\n' "${hw_f%% is *}" "${hw_f#* is }"
      ;;
    esac
  done
}
