using System.Text;

namespace EmotionXai.Cli.Completion;

/// <summary>
/// The scripts by which shells complete. They hold all words themselves: pressing Tab starts no program, which matters where
/// the launcher might have to build one first.
/// </summary>
internal static class Shells
{
    /// <summary>The shells.</summary>
    public static IReadOnlyList<string> Names { get; } = ["bash", "zsh", "fish"];

    /// <summary>The script of a shell.</summary>
    /// <exception cref="ArgumentException">There is none for it.</exception>
    public static string Script(string shell, IReadOnlyList<CompletionVerbNode> verbs) => shell switch
    {
        "bash" => Bash(verbs),
        "zsh" => Zsh(verbs),
        "fish" => Fish(verbs),
        _ => throw new ArgumentException($"completion {shell}: there is no script for that shell; choose {string.Join(", ", Names)}."),
    };

    // Both read the verb from the words typed so far, then say what may come next.
    private static string Bash(IReadOnlyList<CompletionVerbNode> verbs)
    {
        StringBuilder script = new("""
            # Completion of emotionxai for bash. Source it, or put it where bash-completion looks.
            _emotionxai() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb="" word words="" files=""
                COMPREPLY=()
                for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                    case "$verb $word" in
            
            """);
        script.Append(Cases(verbs, "            "));
        script.Append("""
                    esac
                done
                case "$verb:$previous" in
            
            """);
        foreach (CompletionVerbNode verb in verbs)
        {
            foreach (IGrouping<string, CompletionOption> same in verb.Options.Where(o => o.TakesValue).GroupBy(o => $"words=\"{string.Join(' ', o.Words)}\"{(o.IsFile ? " files=yes" : "")}"))
                script.Append($"        {string.Join('|', same.Select(o => $"'{verb.Path}:{o.Name}'"))}) {same.Key} ;;\n");
        }

        script.Append("        *)\n            case \"$verb\" in\n");
        foreach (CompletionVerbNode verb in verbs)
        {
            string words = string.Join(' ', verb.Verbs.Select(v => v.Name).Concat(verb.Words).Concat(verb.Options.Select(o => o.Name)));
            script.Append($"                '{verb.Path}') words=\"{words}\"{(verb.TakesFiles ? " files=yes" : "")} ;;\n");
        }

        return script.Append("""
                        esac ;;
                esac
                [ -n "$words" ] && mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
                if [ -n "$files" ]; then
                    mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current")
                    compopt -o filenames 2>/dev/null
                fi
            }
            complete -F _emotionxai emotionxai ./emotionxai

            """).ToString();
    }

    private static string Zsh(IReadOnlyList<CompletionVerbNode> verbs)
    {
        StringBuilder script = new("""
            #compdef emotionxai ./emotionxai
            # Completion of emotionxai for zsh. Put it in a folder of $fpath under the name _emotionxai, or source it.
            _emotionxai() {
                local verb="" word
                local -a found
                for word in "${(@)words[2,CURRENT-1]}"; do
                    case "$verb $word" in
            
            """);
        script.Append(Cases(verbs, "            "));
        script.Append("""
                    esac
                done
                case "$verb:${words[CURRENT-1]}" in
            
            """);
        foreach (CompletionVerbNode verb in verbs)
        {
            foreach (CompletionOption option in verb.Options.Where(o => o.TakesValue))
                script.Append($"        '{verb.Path}:{option.Name}') {(option.IsFile ? "_files" : option.Words.Count > 0 ? $"compadd -- {string.Join(' ', option.Words)}" : "_message value")}; return ;;\n");
        }

        script.Append("    esac\n    case \"$verb\" in\n");
        foreach (CompletionVerbNode verb in verbs)
        {
            IEnumerable<string> described = verb.Verbs.Select(v => Described(v.Name, v.Description)).Concat(verb.Words).Concat(verb.Options.Select(o => Described(o.Name, o.Description)));
            script.Append($"        '{verb.Path}') found=({string.Join(' ', described.Select(d => Quoted(d)))}); _describe emotionxai found{(verb.TakesFiles ? "; _files" : "")} ;;\n");
        }

        return script.Append("""
                esac
            }
            if [ "$funcstack[1]" = _emotionxai ]; then _emotionxai "$@"; else compdef _emotionxai emotionxai ./emotionxai; fi

            """).ToString();
    }

    private static string Fish(IReadOnlyList<CompletionVerbNode> verbs)
    {
        StringBuilder script = new("# Completion of emotionxai for fish. Put it in ~/.config/fish/completions, or source it.\ncomplete -c emotionxai -f\n");
        foreach (CompletionVerbNode verb in verbs)
        {
            string[] path = verb.Path.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] conditions = [.. path.Select(p => $"__fish_seen_subcommand_from {p}"), .. verb.Verbs.Count > 0 ? [$"not __fish_seen_subcommand_from {string.Join(' ', verb.Verbs.Select(v => v.Name))}"] : Array.Empty<string>()];
            string when = $"complete -c emotionxai -n {Quoted(string.Join("; and ", conditions))}";
            foreach ((string name, string description) in verb.Verbs) script.Append($"{when} -a {name} -d {Quoted(FirstSentence(description))}\n");
            if (verb.Words.Count > 0) script.Append($"{when} -a {Quoted(string.Join(' ', verb.Words))}\n");
            if (verb.TakesFiles) script.Append($"{when} -F\n");
            foreach (CompletionOption option in verb.Options)
            {
                string value = !option.TakesValue ? "" : option.IsFile ? " -r -F" : option.Words.Count > 0 ? $" -x -a {Quoted(string.Join(' ', option.Words))}" : " -x";
                script.Append($"{when} -l {option.Name.TrimStart('-')}{value} -d {Quoted(FirstSentence(option.Description))}\n");
            }
        }

        return script.ToString();
    }

    private static string Cases(IReadOnlyList<CompletionVerbNode> verbs, string indent) => string.Concat(
        verbs.Where(v => v.Path.Length > 0).Select(v => $"{indent}'{(v.Path.Contains(' ', StringComparison.Ordinal) ? v.Path : " " + v.Path)}') verb='{v.Path}' ;;\n"));

    private static string Described(string name, string description) => $"{name}:{FirstSentence(description)}";

    private static string FirstSentence(string text) => text.Split(". ")[0].TrimEnd('.').Replace(':', ',');

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
