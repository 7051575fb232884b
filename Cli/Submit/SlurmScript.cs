using System.Globalization;

namespace EmotionXai.Cli.Submit;

/// <summary>
/// The batch script of a reduction in parts, which Slurm runs as three things: given by hand it submits an array job, a task a part,
/// and a job that waits for the array's end; that one submits parts again which did not come to theirs, and joins all when they are there.
/// </summary>
/// <param name="Folder">The folder of the results; the script, the parts and their logs lie there too.</param>
/// <param name="Shards">Parts.</param>
/// <param name="Retries">How often a part is submitted again.</param>
internal sealed record SlurmScript(string Folder, int Shards, int Retries)
{
    /// <summary>The script's name in the folder.</summary>
    public const string Name = "slurm.sh";

    /// <summary>What starts this program.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>The options of the reduction.</summary>
    public required IReadOnlyList<string> Reduce { get; init; }

    /// <summary>Options of sbatch for every job: time, memory, processors, partition.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>The script itself.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $$"""
        #!/usr/bin/env bash
        # A reduction in {{Shards}} parts on Slurm, written by emotionxai submit slurm. Submit it with: bash {{Name}}
        set -euo pipefail
        cd {{ShellWord.Quote(Directory.GetCurrentDirectory())}}
        out={{ShellWord.Quote(Folder)}} shards={{Shards}} retries={{Retries}}
        program=({{Words(Program)}})
        reduce=(reduce {{Words(Reduce)}})
        resources=({{Words(Resources)}})

        # An array of the tasks $2, and the job that comes when all of them have ended, well or not; this is round $1.
        submit() {
          mkdir -p "$out/logs"
          array=$(sbatch --parsable --requeue --open-mode=append --job-name=emotionxai --array="$2" --output="$out/logs/part-%a.txt" "${resources[@]}" "$out/{{Name}}" part)
          merge=$(sbatch --parsable --requeue --open-mode=append --job-name=emotionxai-merge --dependency="afterany:${array%%;*}" --output="$out/logs/merge.txt" "${resources[@]}" "$out/{{Name}}" merge "$1")
          echo "array ${array%%;*}, merge ${merge%%;*}"
        }

        # A part that was stopped or killed goes on where it was: finished folds and trained networks are kept.
        threads=(--threads "${SLURM_CPUS_PER_TASK:-1}")
        case " ${reduce[*]} " in *" --threads"[\ =]*) threads=() ;; esac
        case "${1:-}" in
        "") submit 0 "1-$shards" ;;
        part) exec "${program[@]}" "${reduce[@]}" "${threads[@]}" --shard "$SLURM_ARRAY_TASK_ID/$shards" --out "$out/parts/$SLURM_ARRAY_TASK_ID" ;;
        merge)
          missing=()
          for ((i = 1; i <= shards; i++)); do grep -qs '"finished":' "$out/parts/$i/run.json" || missing+=("$i"); done
          if [ ${#missing[@]} = 0 ]; then
            exec "${program[@]}" "${reduce[@]}" "${threads[@]}" --merge "$out"/parts/* --out "$out"
          elif [ "$2" -lt "$retries" ]; then
            tasks=$(IFS=,; echo "${missing[*]}")
            echo "parts $tasks have not come to their end: try $(($2 + 1)) of $retries"
            submit $(($2 + 1)) "$tasks"
          else
            echo "error: parts ${missing[*]} have not come to their end in $retries tries; their logs are in $out/logs. When what stopped them is mended: bash $out/{{Name}}" >&2
            exit 1
          fi ;;
        esac

        """);

    private static string Words(IEnumerable<string> words) => string.Join(' ', words.Select(ShellWord.Quote));
}
