using System.Buffers;
using System.Text;
using KapsoArchive.Core.Pages;

namespace KapsoArchive.Tests.Pages;

/// <summary>What is written to an <see cref="HtmlWriter"/>, as text.</summary>
internal static class PageText
{
    public static string Of(Action<HtmlWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new HtmlWriter(output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
