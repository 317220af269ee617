_bincheck() {
    local i cur prev opts cmd
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="bincheck"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        bincheck)
            opts="-h -v -q -t -g -G -k -K -N -U -X -u -D -e -n -O -o -b -B -f -F -V --all --export --usable --by-march --why --suggest --hosts --compare --freeze --with-repositories --deploy --only --output --check-plan --help --emerge --force --strict --binhost --offline --refresh --allow-fetchcommand --cpu --cpuinfo --fetch-metadata --no-fetch-metadata --fetch-whole --chroot --config-root --root --sysroot --prefix --accept-properties --accept-restrict --json --verbose --quiet --tree --color --generate --getbinpkg --getbinpkgonly --usepkg --usepkgonly --binpkg-respect-use --binpkg-changed-deps --binpkg-respect-user-patches --with-bdeps --with-bdeps-auto --newuse --changed-use --reinstall --use-ebuild-visibility --usepkg-exclude-live --exclude --usepkg-exclude --usepkg-include --getbinpkg-exclude --getbinpkg-include --useoldpkg-atoms --nobindeps --ignore-default-opts --update --deep --emptytree --noreplace --selective --update-if-installed --nodeps --onlydeps --onlydeps-with-rdeps --onlydeps-with-ideps --with-test-deps --implicit-system-deps --ignore-built-slot-operator-deps --ignore-soname-deps --root-deps --dynamic-deps --complete-graph --complete-graph-if-new-use --complete-graph-if-new-ver --ignore-world --rebuilt-binaries --rebuilt-binaries-timestamp --newrepo --changed-slot --changed-deps --reinstall-atoms --rebuild-if-new-slot --rebuild-if-unbuilt --rebuild-if-new-rev --rebuild-if-new-ver --rebuild-exclude --rebuild-ignore --autounmask --autounmask-use --autounmask-license --autounmask-keep-keywords --autounmask-keep-masks --autounmask-backtrack --autounmask-continue --backtrack --buildpkg --buildpkg-exclude --buildpkgonly --fetchonly --fetch-all-uri --version"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --export)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --why)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --compare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --freeze)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --deploy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --output)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --emerge)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --binhost)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuinfo)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --chroot)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --config-root)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --root)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sysroot)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --prefix)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --accept-properties)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --accept-restrict)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --verbose)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                -v)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --quiet)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                -q)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --color)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --generate)
                    COMPREPLY=($(compgen -W "man bash zsh fish" -- "${cur}"))
                    return 0
                    ;;
                --getbinpkg)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                -g)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --getbinpkgonly)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                -G)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --usepkg)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                -k)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --usepkgonly)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                -K)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --binpkg-respect-use)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --binpkg-changed-deps)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --binpkg-respect-user-patches)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --with-bdeps)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --with-bdeps-auto)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --reinstall)
                    COMPREPLY=($(compgen -W "changed-use" -- "${cur}"))
                    return 0
                    ;;
                --use-ebuild-visibility)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --usepkg-exclude-live)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --exclude)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -X)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usepkg-exclude)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usepkg-include)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --getbinpkg-exclude)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --getbinpkg-include)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --useoldpkg-atoms)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --deep)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -D)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --selective)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --onlydeps-with-rdeps)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --onlydeps-with-ideps)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --with-test-deps)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --implicit-system-deps)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --ignore-built-slot-operator-deps)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --ignore-soname-deps)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --root-deps)
                    COMPREPLY=($(compgen -W "y rdeps" -- "${cur}"))
                    return 0
                    ;;
                --dynamic-deps)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --complete-graph)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --complete-graph-if-new-use)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --complete-graph-if-new-ver)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --ignore-world)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --rebuilt-binaries)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --rebuilt-binaries-timestamp)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --changed-slot)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --changed-deps)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --reinstall-atoms)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --rebuild-if-new-slot)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --rebuild-if-unbuilt)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --rebuild-if-new-rev)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --rebuild-if-new-ver)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --rebuild-exclude)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --rebuild-ignore)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --autounmask)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --autounmask-use)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --autounmask-license)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --autounmask-keep-keywords)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --autounmask-keep-masks)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --autounmask-backtrack)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --autounmask-continue)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --backtrack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --buildpkg)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                -b)
                    COMPREPLY=($(compgen -W "y n" -- "${cur}"))
                    return 0
                    ;;
                --buildpkg-exclude)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
    esac
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _bincheck -o nosort -o bashdefault -o default bincheck
else
    complete -F _bincheck -o bashdefault -o default bincheck
fi
