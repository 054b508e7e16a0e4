import type { Option } from '../option.ts';
import { OPTIONS } from '../options.ts';
import { COMMANDS } from '../version.ts';
import { shownOptions } from './option-table.ts';
import type { PluginDescription } from './usage.ts';

/** A script that makes the shell complete option names, their values and the plugins' names. */
export function completionScript(shell: 'bash' | 'zsh', plugins: readonly PluginDescription[]): string {
  const names = plugins.map(({ name }) => name).join(' ');
  return shell === 'bash' ? bashScript(names) : zshScript(names);
}

/** Also for the bash 3.2 of macOS: no mapfile, and compopt only where there is one. */
function bashScript(plugins: string): string {
  return `# bash completion for qualys-connector: source this file, or put it in
# ~/.local/share/bash-completion/completions/qualys_connector
# shellcheck disable=SC2207 # no mapfile in bash 3.2
_qualys_connector() {
    local line=\${COMP_LINE:0:COMP_POINT} IFS=$' \\t\\n' word option options
    local -a before
    # Readline splits words at '=': take the whole word from the line.
    word=\${line##*[[:space:]]}
    read -ra before <<< "\${line%"$word"}"
    option=\${before[\${#before[@]}-1]}
    COMPREPLY=()
    case $1 in
        *process*) options='${bashWords(true)}' ;;
        *) options='${bashWords(false)}' ;;
    esac
    if [[ $word == [-+]*=* ]]; then
        _qualys_connector_value "\${word%%=*}" "\${word#*=}"
        if [[ $COMP_WORDBREAKS != *=* ]]; then COMPREPLY=("\${COMPREPLY[@]/#/\${word%%=*}=}"); fi
    elif [[ $option == [-+]* && $option != *=* ]] && _qualys_connector_value "$option" "$word"; then
        return
    elif [[ $word == [-+]* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "-\${word##*[-+]}"))
        if [[ \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
    else
        COMPREPLY=($(compgen -W '${plugins}' -- "$word"))
    fi
}

# Completes the value of an option; fails where the option takes none that is known.
_qualys_connector_value() {
    local IFS=$'\\n'
    case \${1##*[-+]} in
${bashValues()}
        *) return 1 ;;
    esac
}

complete -F _qualys_connector ${COMMANDS.join(' ')}
`;
}

function bashWords(multiple: boolean): string {
  return shownOptions(OPTIONS, multiple)
    .map((option) => `-${option.name()}${option.required ? '=' : ''}`)
    .join(' ');
}

function bashValues(): string {
  return OPTIONS.filter(({ hidden }) => !hidden)
    .flatMap((option) =>
      option.completes === undefined ? [] : [`        ${option.name()}) ${bashValue(option.completes)} ;;`],
    )
    .join('\n');
}

function bashValue(completes: NonNullable<Option['completes']>): string {
  const found = (action: string): string => `COMPREPLY=($(compgen ${action} -- "$2"))`;
  if (completes === 'file') return `compopt -o filenames 2>/dev/null; ${found('-f')}`;
  if (completes === 'directory') return `compopt -o filenames 2>/dev/null; ${found('-d')}`;
  // IFS holds line ends only: so do the words.
  return found(`-W $'${completes.join('\\n')}'`);
}

function zshScript(plugins: string): string {
  return `#compdef ${COMMANDS.join(' ')}
# zsh completion for qualys-connector: put it in a folder of $fpath as _qualys_connector, or source it.
_qualys_connector() {
    local -a options
    case \${service:-$words[1]} in
        *process*) options=(
${zshOptions(true)}
        ) ;;
        *) options=(
${zshOptions(false)}
        ) ;;
    esac
    _arguments $options '*:plugin:(${plugins})'
}

if [[ \${funcstack[1]} == _qualys_connector ]]; then
    _qualys_connector "$@"
else
    compdef _qualys_connector ${COMMANDS.join(' ')}
fi
`;
}

function zshOptions(multiple: boolean): string {
  return shownOptions(OPTIONS, multiple)
    .map((option) => `            '${zshOption(option)}'`)
    .join('\n');
}

function zshOption(option: Option): string {
  const { completes, description, required } = option;
  const name = option.name();
  const [sentence = ''] = description.split(/[.;] |\.$/);
  const explanation = sentence.replace(/[[\]:]/g, '\\$&').replaceAll("'", "'\\''");
  if (!required) return `-${name}[${explanation}]`;
  let action = '';
  if (completes === 'file') action = '_files';
  else if (completes === 'directory') action = '_files -/';
  else if (completes !== undefined) action = `(${completes.join(' ')})`;
  return `-${name}=-[${explanation}]:${name}:${action}`;
}
