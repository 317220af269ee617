# fish completion for bincheck. All that can stand on a command line is known to `bincheck --complete`.

function __bincheck_complete
    set -l current (commandline -ct)
    set -l typed (string unescape -- $current 2>/dev/null; or string trim -l -c '\'"' -- $current)
    set -l lines (command bincheck --complete (commandline -opc) "$typed" 2>/dev/null)
    set -l option (string match -r -- '^--[^=]*=' "$typed")
    set -l path (string replace -r -- '^--[^=]*=' '' "$typed")
    switch "$lines[1]"
        case ':directories'
            __fish_complete_directories "$path" | string replace -r '^' -- "$option"
        case ':files'
            __fish_complete_path "$path" | string replace -r '^' -- "$option"
        case '*'
            string join \n -- $lines
    end
end

complete --command bincheck --exclusive --keep-order --arguments '(__bincheck_complete)'
