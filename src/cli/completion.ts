import { ALL_OPTIONS } from './option-table.ts';
import type { OptionEntry } from './option-table.ts';

/** All names that the two commands are installed under (package.json's `bin`). */
export const SINGLE_NAMES = ['qualys_connector', 'qualys_connector.pl', 'qualys-connector'] as const;
export const MULTIPLE_NAMES = ['process-multiple', 'process_multiple', 'process_multiple.pl'] as const;

const PLUGINS = 'QualysGuard csv';

/** A script that makes the shell complete option names, their values and the plugins' names. */
export function completionScript(shell: 'bash' | 'zsh'): string {
  return shell === 'bash' ? bashScript() : zshScript();
}

function shownOptions(multiple: boolean): OptionEntry[] {
  return ALL_OPTIONS.filter(
    ({ hidden, multipleOnly }) => hidden !== true && (multiple || multipleOnly !== true),
  );
}

function bashScript(): string {
  return `# bash completion for qualys-connector: source this file, or put it in
# ~/.local/share/bash-completion/completions/qualys_connector
_qualys_connector_words() {
    case $1 in
        process*) echo ${bashWords(true)} ;;
        *) echo ${bashWords(false)} ;;
    esac
}

_qualys_connector() {
    local line=\${COMP_LINE:0:COMP_POINT} word option value
    # Readline splits words at '=' and ':': take the whole word from the line.
    word=\${line##*[[:space:]]}
    COMPREPLY=()
    case $word in
        [-+]*=*)
            option=\${word%%=*}
            option=\${option##*[-+]}
            value=\${word#*=}
            case $option in
${bashValues()}
            esac
            if [[ $COMP_WORDBREAKS == *:* && $value == *:* ]]; then
                COMPREPLY=("\${COMPREPLY[@]#"\${value%"\${value##*:}"}"}")
            fi
            ;;
        [-+]*)
            mapfile -t COMPREPLY < <(compgen -W "$(_qualys_connector_words "\${1##*/}")" -- "-\${word##*[-+]}")
            if [[ \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
            ;;
        *)
            mapfile -t COMPREPLY < <(compgen -W '${PLUGINS}' -- "$word")
            ;;
    esac
}

complete -F _qualys_connector ${[...SINGLE_NAMES, ...MULTIPLE_NAMES].join(' ')}
`;
}

function bashWords(multiple: boolean): string {
  return shownOptions(multiple)
    .map(({ name, value }) => (value === 'none' ? `-${name}` : `-${name}=`))
    .join(' ');
}

function bashValues(): string {
  return shownOptions(true)
    .flatMap(({ name, completes }) => (completes === undefined ? [] : [bashValue(name, completes)]))
    .join('\n');
}

function bashValue(name: string, completes: NonNullable<OptionEntry['completes']>): string {
  const paths = (action: string): string =>
    `compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen ${action} -- "$value")`;
  let action: string;
  if (completes === 'file') action = paths('-f');
  else if (completes === 'directory') action = paths('-d');
  else action = `mapfile -t COMPREPLY < <(compgen -W '${completes.join(' ')}' -- "$value")`;
  return `                ${name}) ${action} ;;`;
}

function zshScript(): string {
  return `#compdef ${[...SINGLE_NAMES, ...MULTIPLE_NAMES].join(' ')}
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
    _arguments $options '*:plugin:(${PLUGINS})'
}

if [[ \${funcstack[1]} == _qualys_connector ]]; then
    _qualys_connector "$@"
else
    compdef _qualys_connector ${[...SINGLE_NAMES, ...MULTIPLE_NAMES].join(' ')}
fi
`;
}

function zshOptions(multiple: boolean): string {
  return shownOptions(multiple)
    .map((option) => `            '${zshOption(option)}'`)
    .join('\n');
}

function zshOption({ name, value, note, placeholder, completes }: OptionEntry): string {
  const explanation = (note === '' ? placeholder.replace(/[<>]/g, '') : note).replace(/[[\]:]/g, '\\$&');
  if (value === 'none') return `-${name}[${explanation}]`;
  let action = '';
  if (completes === 'file') action = '_files';
  else if (completes === 'directory') action = '_files -/';
  else if (completes !== undefined) action = `(${completes.join(' ')})`;
  return `-${name}=-[${explanation}]:${name}:${action}`;
}
