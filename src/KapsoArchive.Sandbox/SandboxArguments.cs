namespace KapsoArchive.Sandbox;

/// <summary>The program's command line, read into options.</summary>
internal static class SandboxArguments
{
    public const string Usage =
        """
        A local Kapso API with generated conversations.

        dotnet run --project src/KapsoArchive.Sandbox -- [options]

          --port 5080              where to listen on 127.0.0.1; 0 picks a free port
          --conversations 200      how many conversations
          --messages 20000         how many messages, all conversations together
          --seed 1                 the seed; another one generates other data
          --order newest           how messages are listed: newest, oldest or none
          --rate-limit 2000        requests per window; 0 is no limit
          --window 60              the length of the rate window, in seconds
          --key sandbox-key        the API key that is accepted
          --samples true           whether the first conversation holds the sample records
          --faults FILE            the faults, as JSON: the members that GET /sandbox/faults shows
          --chaos 0                the share of requests that fail, all kinds of faults mixed (0.2: one in five)
          --moving 0               the share of requests for messages before which their conversation changes
          --competitor 0           requests that another client of the same key makes in each window
          --malformed 0            the share of malformed messages: not an object, or without an id
          --media true             whether files are served behind the records' links, by a storage service on a port of its own
          --media-bytes 0          about how many bytes each file has; 0 is as few as it needs
          --help                   this text

        These requests change its behaviour while it runs. They need no key and do not count against the limit:

          PUT    /sandbox/faults                                  {"bad_gateway":0.1,"seed":7}; {} resets all
          PUT    /sandbox/movement                                {"head_insert":0.1,"middle_insert":0.01,"delete":0.05,"status_change":0.1}
          PUT    /sandbox/rate                                    {"limit":100,"limits":[100,50,100],"competing_requests_per_window":30}
          POST   /sandbox/conversations/ID/messages               {} the newest, or {"position":9}, {"created_at":"…"}, {"record":{…}}
          PATCH  /sandbox/conversations/ID/messages/MESSAGE_ID    {"status":"read"}
          DELETE /sandbox/conversations/ID/messages/MESSAGE_ID
          PUT    /sandbox/media                                   {"shows_late_links":true,"generation":1,"old_links_are_dead":true}
          PUT    /sandbox/media/faults                            {"shares":{"gone":0.1},"chosen":[{"target":"MESSAGE_ID","kind":"slow"}]}
          GET    /sandbox/faults, /sandbox/stats, /sandbox/media, /sandbox/media/faults

          curl -X PUT http://127.0.0.1:5080/sandbox/faults -d '{"outage":"error"}'
        """;

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "port", "conversations", "messages", "seed", "order", "rate-limit", "window", "key", "samples",
        "faults", "chaos", "moving", "competitor", "malformed", "media", "media-bytes",
    };

    /// <exception cref="FormatException">An option is unknown, lacks its value or has an invalid one; the message is for the
    /// user.</exception>
    public static SandboxOptions Read(string[] args)
    {
        CheckNames(args);
        var values = new ConfigurationBuilder().AddCommandLine(args).Build();
        var defaults = new SandboxOptions();
        var options = defaults with
        {
            Url = new Uri($"http://127.0.0.1:{Number(values, "port", 0, 65_535, 5080)}"),
            Conversations = (int)Number(values, "conversations", 1, SandboxOptions.MostConversations, defaults.Conversations),
            Messages = Number(values, "messages", 0, SandboxOptions.MostMessages, defaults.Messages),
            Seed = (int)Number(values, "seed", int.MinValue, int.MaxValue, defaults.Seed),
            Order = Order(values["order"] ?? "newest"),
            RateLimit = (int)Number(values, "rate-limit", 0, int.MaxValue, 2000),
            Window = TimeSpan.FromSeconds(Number(values, "window", 1, 86_400, 60)),
            ApiKey = values["key"] ?? defaults.ApiKey,
            IncludeSamples = Flag(values, "samples", defaults.IncludeSamples),
            Faults = Faults(values),
            Movement = Share(values, "moving") is > 0 and var moving ? SandboxMovement.Mixed(moving) : null,
            CompetingRequestsPerWindow = (int)Number(values, "competitor", 0, int.MaxValue, 0),
            MalformedShare = Share(values, "malformed"),
            Media = Flag(values, "media", true) ? new() { Bytes = Number(values, "media-bytes", 0, SandboxMedia.MostBytes, 0) } : null,
        };
        return options.FindProblem() is { } problem ? throw new FormatException(problem) : options;
    }

    /// <summary>Rejects unknown options, which the configuration would ignore.</summary>
    private static void CheckNames(string[] args)
    {
        for (int i = 0; i < args.Length; i++)
        {
            string[] parts = args[i].Split('=', 2);
            if (!parts[0].StartsWith("--", StringComparison.Ordinal) || !Names.Contains(parts[0][2..]))
                throw new FormatException($"There is no option {parts[0]}. --help lists them all.");
            if (parts.Length == 2) continue;
            i++;
            if (i == args.Length || args[i].StartsWith("--", StringComparison.Ordinal))
                throw new FormatException($"{parts[0]} needs a value.");
        }
    }

    private static long Number(IConfiguration values, string name, long least, long most, long otherwise)
    {
        string? text = values[name];
        if (text is null) return otherwise;
        bool valid = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= least
            && number <= most;
        return valid ? number : throw new FormatException($"--{name} must be a whole number from {least} to {most}; it is {text}.");
    }

    private static double Share(IConfiguration values, string name)
    {
        string? text = values[name];
        if (text is null) return 0;
        bool valid = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share) && share <= 1;
        return valid ? share : throw new FormatException($"--{name} must be a number from 0 to 1, such as 0.05; it is {text}.");
    }

    private static SandboxFaults Faults(IConfiguration values)
    {
        if (values["faults"] is not { } file) return SandboxFaults.Mixed(Share(values, "chaos"));
        if (values["chaos"] is not null) throw new FormatException("Give --faults or --chaos, not both.");
        try
        {
            return SandboxJson.Read<SandboxFaults>(File.ReadAllBytes(file), faults => faults.FindProblem());
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException($"--faults: {unread.Message}", unread);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"--faults {file}: {wrong.Message}", wrong);
        }
    }

    private static bool Flag(IConfiguration values, string name, bool otherwise)
    {
        string? text = values[name];
        if (text is null) return otherwise;
        return bool.TryParse(text, out bool flag) ? flag : throw new FormatException($"--{name} must be true or false; it is {text}.");
    }

    private static SandboxOrder Order(string text) => text switch
    {
        "newest" => SandboxOrder.NewestFirst,
        "oldest" => SandboxOrder.OldestFirst,
        "none" => SandboxOrder.Unordered,
        _ => throw new FormatException($"--order must be newest, oldest or none; it is {text}."),
    };
}
