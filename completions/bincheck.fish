complete -c bincheck -l export -d 'With --all: write an index for each binhost to this directory, of what runs on the processor' -r
complete -c bincheck -l why -d 'Explain all that decides about one package: every build and ebuild, best first' -r
complete -c bincheck -l compare -d 'Compare two systems in effect: this one and the target, each a directory or what --freeze wrote' -r
complete -c bincheck -l freeze -d 'Write all that judging this system takes to FILE.tar.gz, without secrets' -r
complete -c bincheck -l deploy -d 'Write a frozen system to the directory that is the target, which is new or empty' -r
complete -c bincheck -l only -d 'With --deploy: write only what lies at this path, such as etc/portage' -r
complete -c bincheck -l output -d 'With --suggest: write the lines to files below this directory, which is not in /etc' -r
complete -c bincheck -l emerge -d 'Judge what an emerge command line asks for, then run it' -r
complete -c bincheck -l binhost -d 'Ask this binhost too, as if binrepos.conf had a section for it' -r
complete -c bincheck -l cpu -d 'Judge for this processor, named as -march or -mcpu name it' -r
complete -c bincheck -l cpuinfo -d 'Judge for the processor that this copy of /proc/cpuinfo describes' -r
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
complete -c bincheck -l color -d 'Colour, regardless of the terminal and NO_COLOR' -r -f -a "y\t'On'
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
complete -c bincheck -s D -l deep -d 'Update dependencies too, at any depth or down to N' -r
complete -c bincheck -l selective -d 'Whether installed targets are left alone' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l onlydeps-with-rdeps -d 'With --onlydeps: whether dependencies at run time count' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l onlydeps-with-ideps -d 'With --onlydeps: whether dependencies at install time count when those at run time do not' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l with-test-deps -d 'Merge what the tests of the targets need too' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l implicit-system-deps -d 'Whether packages may depend on @system without saying so, which the order of merges then respects' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l ignore-built-slot-operator-deps -d 'Forget the slots that built packages are bound to' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l ignore-soname-deps -d 'Whether the shared libraries that packages need are left aside (with --usepkgonly)' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l root-deps -d 'Install what is needed to build below --root too, or (rdeps) leave it aside where EAPI is 6 or less' -r -f -a "y\t'What is needed to build and to install is needed to run too'
rdeps\t'What older EAPIs need to build does not count'"
complete -c bincheck -l dynamic-deps -d 'Whether installed packages have the dependencies of their ebuilds' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l complete-graph -d 'Follow all dependencies of @world' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l complete-graph-if-new-use -d 'Follow them where USE of something installed changes' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l complete-graph-if-new-ver -d 'Follow them where the version of something installed changes' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l ignore-world -d 'Let @world break' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l rebuilt-binaries -d 'Replace installed packages by other builds of the same version' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l rebuilt-binaries-timestamp -d 'The same for builds after this time only' -r
complete -c bincheck -l changed-slot -d 'Replace packages whose slot or sub-slot changed' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l changed-deps -d 'Replace packages whose dependencies changed' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l reinstall-atoms -d 'Merge these again wherever they are met' -r
complete -c bincheck -l rebuild-if-new-slot -d 'Whether packages are rebuilt to use a new slot' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l rebuild-if-unbuilt -d 'Compile what was built with anything that is compiled' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l rebuild-if-new-rev -d 'The same for what is compiled in another version or revision than is installed' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l rebuild-if-new-ver -d 'The same for what is compiled in another version' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l rebuild-exclude -d 'Do not compile these for it' -r
complete -c bincheck -l rebuild-ignore -d 'Compile nothing because of these' -r
complete -c bincheck -l autounmask -d 'Whether changes of the configuration are proposed' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l autounmask-use -d 'Whether changes of USE are proposed' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l autounmask-license -d 'Whether changes of accepted licenses are proposed' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l autounmask-keep-keywords -d 'Whether keywords stay as they are' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l autounmask-keep-masks -d 'Whether masks stay as they are' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l autounmask-backtrack -d 'Whether other plans are looked for once a change was proposed' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l autounmask-continue -d 'Write the proposed changes and go on (only looked at for its effect on the plan)' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l backtrack -d 'Attempts to resolve conflicts' -r
complete -c bincheck -s b -l buildpkg -d 'Build binary packages of what is compiled (FEATURES=buildpkg)' -r -f -a "y\t'On'
n\t'Off'"
complete -c bincheck -l buildpkg-exclude -d 'Build no binary packages of these' -r
complete -c bincheck -l all -d 'Judge every instance of every binhost and of PKGDIR'
complete -c bincheck -l usable -d 'With --export: only what this machine accepts too'
complete -c bincheck -l by-march -d 'With --export: an index for each -march that packages were built for, DIR/MARCH/HOST'
complete -c bincheck -l suggest -d 'Suggest the smallest changes that make compiled packages binary, each of them tried'
complete -c bincheck -l hosts -d 'Compare every binhost with this machine: index, signatures, what it builds with, how much it could serve'
complete -c bincheck -l with-repositories -d 'With --freeze: take repositories as a whole'
complete -c bincheck -l check-plan -d 'Ask `emerge --pretend` with the same options, and show where it differs'
complete -c bincheck -s h -l help -d 'Print help'
complete -c bincheck -l force -d 'With --emerge: go on although -G will not find everything'
complete -c bincheck -l strict -d 'With --emerge: end with an error where bincheck cannot do its part'
complete -c bincheck -l offline -d 'Send no request; judge by the indexes in the cache'
complete -c bincheck -l refresh -d 'Ask every binhost again, whatever its TTL'
complete -c bincheck -l allow-fetchcommand -d 'With --config-root or --root: run the fetch commands of that configuration'
complete -c bincheck -l fetch-metadata -d 'Inspect packages on binhosts, with --all into every one'
complete -c bincheck -l no-fetch-metadata -d 'Inspect no package; what it was built for is known only if the index has it'
complete -c bincheck -l fetch-whole -d 'Download whole files where no part of them can be had alone'
complete -c bincheck -l json -d 'Write JSON'
complete -c bincheck -s t -l tree -d 'Put each merge below what needs it'
complete -c bincheck -s N -l newuse -d 'Compare USE and IUSE, whatever --binpkg-respect-use says'
complete -c bincheck -s U -l changed-use -d 'The same, leaving out flags that changed without effect'
complete -c bincheck -l nobindeps -d 'Take binary packages of the targets only'
complete -c bincheck -l ignore-default-opts -d 'Leave EMERGE_DEFAULT_OPTS aside'
complete -c bincheck -s u -l update -d 'Take the best version, not what is installed'
complete -c bincheck -s e -l emptytree -d 'Plan as if nothing were installed'
complete -c bincheck -s n -l noreplace -d 'Leave targets alone that are installed'
complete -c bincheck -l update-if-installed -d 'Update those targets only that are installed'
complete -c bincheck -s O -l nodeps -d 'Leave dependencies aside'
complete -c bincheck -s o -l onlydeps -d 'Merge the dependencies of the targets only'
complete -c bincheck -l newrepo -d 'Replace packages from another repository'
complete -c bincheck -s B -l buildpkgonly -d 'Build binary packages, and install nothing'
complete -c bincheck -s f -l fetchonly -d 'Fetch, and install nothing'
complete -c bincheck -s F -l fetch-all-uri -d 'Fetch everything that could be needed, and install nothing'
complete -c bincheck -s V -l version -d 'Print version'
