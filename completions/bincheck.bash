# bash completion for bincheck. All that can stand on a command line is known to `bincheck --complete`.

_bincheck() {
    local rest=${COMP_LINE:0:COMP_POINT} words=() word i
    # bash also cuts words at = and : and @; here a word goes as far as the next blank.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        if ((i == 0)) || [[ $rest == [[:space:]]* ]]; then
            rest=${rest#"${rest%%[![:space:]]*}"}
            words+=("")
        fi
        word=${COMP_WORDS[i]}
        ((i == COMP_CWORD)) && word=$rest
        words[${#words[@]} - 1]+=$word
        rest=${rest#"$word"}
    done

    # An alias stands for what it was made from.
    local alias=${BASH_ALIASES[${words[0]}]-}
    if [[ $alias == *bincheck* ]]; then
        local -a meant
        read -ra meant <<<"$alias"
        words=("${meant[@]}" "${words[@]:1}")
    fi

    local typed=${words[${#words[@]} - 1]} quote=
    if [[ $typed == [\'\"]* ]]; then
        quote=${typed:0:1} typed=${typed:1}
    fi
    words[${#words[@]} - 1]=${typed//\\/}
    for ((i = 1; i < ${#words[@]} - 1; i++)); do
        word=${words[i]//[\'\"\\]/}
        words[i]=$word
    done

    local -a lines
    mapfile -t lines < <(command bincheck --complete "${words[@]}" 2>/dev/null)
    COMPREPLY=()
    local path=$typed
    [[ $path == --*=* ]] && path=${path#*=}
    case ${lines[0]-} in
        :directories | :files)
            compopt +o nospace -o filenames
            local kind=-f
            [[ ${lines[0]} == :directories ]] && kind=-d
            mapfile -t COMPREPLY < <(compgen "$kind" -- "$path")
            return
            ;;
    esac
    # Only what follows the last of bash's own cuts is put in.
    local cut=
    [[ $quote ]] || cut=${typed%"${typed##*["${COMP_WORDBREAKS//[^=:]/}"]}"}
    for word in "${lines[@]}"; do
        word=${word%%$'\t'*}
        word=${word#"$cut"}
        [[ $quote || $word == *[/=] ]] || word+=" "
        COMPREPLY+=("$word")
    done
}

complete -o nospace -F _bincheck bincheck
# Also for aliases that were made before this file was read, as emerge='bincheck --emerge'.
for _bincheck_name in "${!BASH_ALIASES[@]}"; do
    if [[ ${BASH_ALIASES[$_bincheck_name]} == *bincheck* ]]; then
        complete -o nospace -F _bincheck "$_bincheck_name"
    fi
done
unset _bincheck_name
