using System.IO.Compression;
using System.Xml.Linq;
using MiniExcelLibs;

namespace KapsoArchive.Tests.Exports;

/// <summary>A workbook as other programs see it: its cells by MiniExcel, and its XML.</summary>
internal sealed class WorkbookFile(byte[] bytes)
{
    public IReadOnlyList<string> Sheets => new MemoryStream(bytes).GetSheetNames();

    /// <summary>The rows of a sheet, the header first; an empty cell is null.</summary>
    public List<string?[]> Rows(string sheet) =>
    [
        .. new MemoryStream(bytes).Query(useHeaderRow: false, sheetName: sheet).Select(row => ((IDictionary<string, object?>)row).Values.Select(v => v?.ToString()).ToArray()),
    ];

    /// <summary>The rows of a sheet by the names in its header.</summary>
    public List<Dictionary<string, string?>> Named(string sheet)
    {
        List<string?[]> rows = Rows(sheet);
        return [.. rows.Skip(1).Select(row => row.Select((cell, i) => (Name: rows[0][i]!, cell)).ToDictionary(c => c.Name, c => c.cell))];
    }

    /// <summary>The documents of the file, by name.</summary>
    public Dictionary<string, XDocument> Xml()
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        return zip.Entries.ToDictionary(e => e.FullName, e => XDocument.Load(e.Open()));
    }

    /// <summary>All cells of the sheets.</summary>
    public IEnumerable<XElement> Cells() => Xml().Where(d => d.Key.StartsWith("xl/worksheets/", StringComparison.Ordinal)).SelectMany(d => d.Value.Descendants().Where(e => e.Name.LocalName == "c"));
}
