complete -c bincheck -l emerge -d 'Judge what an emerge command line asks for, then run it' -r
complete -c bincheck -l binhost -d 'Ask this binhost too, as if PORTAGE_BINHOST named it' -r
complete -c bincheck -l chroot -d 'Judge the system whose root directory is DIR' -r
complete -c bincheck -l config-root -d 'Directory that holds etc/portage (PORTAGE_CONFIGROOT)' -r
complete -c bincheck -l root -d 'Target root (ROOT)' -r
complete -c bincheck -l sysroot -d 'Root of build dependencies (SYSROOT)' -r
complete -c bincheck -l prefix -d 'Installation prefix (EPREFIX)' -r
complete -c bincheck -l accept-properties -d 'Override ACCEPT_PROPERTIES' -r
complete -c bincheck -l accept-restrict -d 'Override ACCEPT_RESTRICT' -r
complete -c bincheck -s v -l verbose -d 'Show everything: all reasons in full, all notices' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -s q -l quiet -d 'Show one line a target and no notices' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l color -d 'Colour, whatever the terminal and NO_COLOR say' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l generate -d 'Write a manual page or completions' -r -f -a "man\t'The manual page'
bash\t'Completions for bash'
zsh\t'Completions for zsh'
fish\t'Completions for fish'"
complete -c bincheck -s g -l getbinpkg -d 'Use binhosts (and PKGDIR)' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -s G -l getbinpkgonly -d 'Use binhosts and PKGDIR, and no ebuilds' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -s k -l usepkg -d 'Use PKGDIR' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -s K -l usepkgonly -d 'Use PKGDIR, and no ebuilds' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l binpkg-respect-use -d 'Reject packages whose USE differs' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l binpkg-changed-deps -d 'Reject packages whose dependencies differ from the ebuild\'s' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l binpkg-respect-user-patches -d 'Reject packages whose user patches differ' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l with-bdeps -d 'Compare build dependencies too' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l with-bdeps-auto -d 'Whether build dependencies are compared where binary packages are not used' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l reinstall -d 'The same as --changed-use' -r -f -a "changed-use\t''"
complete -c bincheck -l use-ebuild-visibility -d 'Judge by the status of the ebuild of the same version' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l usepkg-exclude-live -d 'Reject packages of live ebuilds' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -s X -l exclude -d 'Never install these (names and slot atoms, repeatable)' -r
complete -c bincheck -l usepkg-exclude -d 'Take no binary packages of these' -r
complete -c bincheck -l usepkg-include -d 'Take binary packages of these only' -r
complete -c bincheck -l getbinpkg-exclude -d 'Fetch no binary packages of these' -r
complete -c bincheck -l getbinpkg-include -d 'Fetch binary packages of these only' -r
complete -c bincheck -l useoldpkg-atoms -d 'Prefer binary packages of these even to newer ebuilds, with fewer checks' -r
complete -c bincheck -l all -d 'Judge every instance of every binhost and of PKGDIR'
complete -c bincheck -s h -l help -d 'Print help'
complete -c bincheck -l force -d 'With --emerge: go on although -G will not find everything'
complete -c bincheck -l strict -d 'With --emerge: end with an error where bincheck cannot do its part'
complete -c bincheck -l offline -d 'Send no request; judge by the indexes in the cache'
complete -c bincheck -l refresh -d 'Ask every binhost again, whatever its TTL'
complete -c bincheck -l json -d 'Write JSON'
complete -c bincheck -s N -l newuse -d 'Compare USE and IUSE, whatever --binpkg-respect-use says'
complete -c bincheck -s U -l changed-use -d 'The same, leaving out flags that changed without effect'
complete -c bincheck -l nobindeps -d 'Take binary packages of the targets only'
complete -c bincheck -l ignore-default-opts -d 'Leave EMERGE_DEFAULT_OPTS aside'
complete -c bincheck -s V -l version -d 'Print version'
