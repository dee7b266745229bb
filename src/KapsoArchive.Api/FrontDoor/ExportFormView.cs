using KapsoArchive.Api.FrontDoor.Conversations;

namespace KapsoArchive.Api.FrontDoor;

/// <summary>The export form, with the submitted values and the errors of each field.</summary>
internal sealed class ExportFormView(HtmlWriter html, FormElements parts, ExportForm form)
{
    private static readonly (string Value, string Name, string For)[] Formats =
    [
        ("parquet", "Parquet", "for data tools"), ("jsonl", "JSON Lines", "each message as Kapso sent it"),
            ("csv", "CSV", "for spreadsheets"), ("xlsx", "Excel", "a workbook; includes Parquet"),
            ("html", "HTML", "pages to read; includes Parquet"),
    ];

    private bool _hasFocus;

    public void Write()
    {
        html.Constant("""<h2 id="export">Export conversations</h2>""");
        using (parts.Form("fields"))
        {
            parts.Hidden("operation", form.OperationId);
            Conversations();
            using (html.Element("div", "pair"))
            {
                Day("from", "From", "The first day, in UTC. Empty: from the beginning.", form.From);
                Day("to", "Before", "The day after the last, in UTC. Empty: until now.", form.To);
            }

            Choices();
            using (html.Element("div", "pair"))
            {
                Source();
                Zone();
            }

            parts.Button("do", ExportForm.Action, "Start the export");
        }
    }

    private void Conversations()
    {
        using (html.Element("div"))
        {
            html.Constant("""<label for="conversations">Conversations</label>""");
            html.Constant("""<p class="hint" id="conversations-hint">Conversation ids, one per line, or the word all.</p>""");
            using (html.Element("textarea"))
            {
                html.Attribute("id", "conversations");
                html.Attribute("name", "conversations");
                html.Attribute("rows", "4");
                html.Attribute("spellcheck", "false");
                html.Attribute("autocapitalize", "none");
                html.Attribute("required");
                Described("conversations");
                html.Text($"\n{form.Conversations}"); // A browser drops the first line break.
            }

            Wrong("conversations");
        }
    }

    private void Day(string name, string label, string hint, string value)
    {
        using (html.Element("div"))
        {
            using (html.Element("label"))
            {
                html.Attribute("for", name);
                html.Text(label);
            }

            using (html.Element("p", "hint"))
            {
                html.Attribute("id", $"{name}-hint");
                html.Text(hint);
            }

            html.Void("input");
            html.Attribute("id", name);
            html.Attribute("name", name);
            html.Attribute("type", "date");
            html.Attribute("value", value);
            Described(name);
            Wrong(name);
        }
    }

    private void Choices()
    {
        using (html.Element("fieldset"))
        {
            html.Attribute("aria-describedby", form.Errors.ContainsKey("formats") ? "formats-wrong" : null);
            html.Element("legend", null, "Formats");
            using (html.Element("div", "choices"))
            {
                foreach ((string value, string name, string purpose) in Formats)
                    Choice("formats", value, name, purpose, form.Formats.Contains(value, StringComparer.Ordinal));
                Choice("zip", "true", "Zip", "all files in one, with readable names", form.Zip);
            }

            Wrong("formats");
        }
    }

    private void Source()
    {
        using (html.Element("div"))
        {
            parts.Select(
                "source", "Messages from", [("kapso", "Kapso, as it is now"), ("archive", "The archive, without Kapso"),
                    ("both", "Both: the archive, and what Kapso has besides")], form.Source);
            Wrong("source");
        }
    }

    private void Zone()
    {
        using (html.Element("div"))
        {
            html.Constant("""<label for="timeZone">Time zone of HTML pages</label>""");
            ZoneChoice.Menu(html, "timeZone", ReadingZone.Find(form.TimeZone) ?? ReadingZone.Utc);
            Wrong("timeZone");
        }
    }

    private void Choice(string field, string value, string name, string purpose, bool isChosen)
    {
        using (html.Element("label"))
        {
            html.Void("input");
            html.Attribute("type", "checkbox");
            html.Attribute("name", field);
            html.Attribute("value", value);
            html.Attribute("checked", isChosen ? "" : null);
            using (html.Element("span"))
            {
                html.Element("strong", null, name);
                html.Element("small", null, purpose);
            }
        }
    }

    private void Described(string name)
    {
        bool isWrong = form.Errors.ContainsKey(name);
        html.Attribute("aria-describedby", isWrong ? $"{name}-hint {name}-wrong" : $"{name}-hint");
        html.Attribute("aria-invalid", isWrong ? "true" : null);
        html.Attribute("autofocus", isWrong && !_hasFocus ? "" : null);
        _hasFocus |= isWrong;
    }

    private void Wrong(string name)
    {
        if (!form.Errors.TryGetValue(name, out string? sentence))
            return;
        using (html.Element("p", "wrong"))
        {
            html.Attribute("id", $"{name}-wrong");
            html.Text(VisibleText.Line(sentence));
        }
    }
}
