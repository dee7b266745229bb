using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace KapsoArchive.Tests.Documents.Format;

/// <summary>Reads a binary document by the table of the page alone: field after field, until its bytes are used up.</summary>
internal sealed class FormatBinary
{
    private const string List = "list";
    private const string Maybe = "maybe";
    private const string Version = "version";
    private const int End = 0;

    private readonly IReadOnlyList<FormatField> _fields;
    private readonly IReadOnlyDictionary<string, FormatDocument> _documents;
    private readonly byte[] _bytes;
    private readonly bool _hasMaybe;
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private int _at;
    private int _block;

    private FormatBinary(IReadOnlyList<FormatField> fields, IReadOnlyDictionary<string, FormatDocument> documents, byte[] bytes, bool hasMaybe) =>
        (_fields, _documents, _bytes, _hasMaybe) = (fields, documents, bytes, hasMaybe);

    /// <summary>What is wrong with a document; null if the table describes all its bytes.</summary>
    /// <param name="document">What the page says.</param>
    /// <param name="documents">The page's documents, for those within others.</param>
    /// <param name="bytes">One document.</param>
    public static string? Check(FormatDocument document, IReadOnlyDictionary<string, FormatDocument> documents, byte[] bytes)
    {
        string? without = new FormatBinary(document.Fields, documents, bytes, hasMaybe: false).Check();
        return without is null || document.Fields.All(f => f.Type != Maybe)
            ? without
            : new FormatBinary(document.Fields, documents, bytes, hasMaybe: true).Check() is { } with ? $"{without}; or {with}" : null;
    }

    private string? Check()
    {
        try
        {
            Read("", _fields);
            return _at == _bytes.Length ? null : string.Create(CultureInfo.InvariantCulture, $"it goes on at byte {_at} of {_bytes.Length}");
        }
        catch (Exception e) when (e is InvalidDataException or IndexOutOfRangeException or ArgumentOutOfRangeException or DecoderFallbackException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"before byte {_at} of {_bytes.Length}: {e.Message}");
        }
    }

    /// <summary>Reads the fields of one level, and those below each where they stand.</summary>
    private void Read(string prefix, IReadOnlyList<FormatField> fields)
    {
        foreach (FormatField field in fields.Where(f => IsAt(f.Path, prefix)))
        {
            if (_numbers.TryGetValue(Version, out long version) && field.Since > version)
                continue;
            (string type, string? condition) = field.Type.Split(" if ") is [var t, var c] ? (t, c) : (field.Type, null);
            if (condition is not null && !Holds(condition, prefix))
                continue;
            FormatField[] repeated = [.. fields.Where(f => f.Path.StartsWith($"{field.Path}[].", StringComparison.Ordinal))];
            FormatField[] within = [.. fields.Where(f => f.Path.StartsWith($"{field.Path}.", StringComparison.Ordinal))];
            if (type == List)
            {
                ReadList(field, repeated);
                continue;
            }

            long value = type == Maybe ? (_hasMaybe ? 1 : 0) : Take(type, field);
            _numbers[field.Path] = value;
            for (long i = 0; i < (repeated.Length == 0 ? 0 : value); i++)
                Read($"{field.Path}[].", repeated);
            if (within.Length > 0 && value != 0)
                Read($"{field.Path}.", within);
        }
    }

    /// <summary>Blocks, each behind its length, until a length is 0.</summary>
    private void ReadList(FormatField list, FormatField[] block)
    {
        long count = 0;
        while (true)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));
            if (length == End)
                break;
            (_block, count) = (_at, count + 1);
            int checksum = _at + length;
            Read($"{list.Path}[].", [.. block.Where(f => !f.Path.EndsWith("[].length", StringComparison.Ordinal))]);
            if (_at - sizeof(ulong) != checksum)
                throw new InvalidDataException($"a block of {list.Path} has another length than it says");
        }

        _numbers[list.Path] = count;
    }

    private static bool IsAt(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.Ordinal) && !path[prefix.Length..].Contains('.', StringComparison.Ordinal) && !path[prefix.Length..].Contains('[', StringComparison.Ordinal);

    private bool Holds(string condition, string prefix)
    {
        string[] words = condition.Split(' ');
        long number = _numbers[prefix + words[0]];
        return words is [_, ">", var least] ? number > long.Parse(least, CultureInfo.InvariantCulture) : throw new InvalidDataException($"the page has no condition '{condition}'");
    }

    private long Take(string type, FormatField field)
    {
        switch (type.Split(' '))
        {
            case ["magic", var magic]:
                return Encoding.ASCII.GetString(Bytes(magic.Length)) == magic ? 0 : throw new InvalidDataException($"it does not begin with {magic}");
            case ["byte", var versions]:
                byte version = Bytes(1)[0];
                string[] ends = versions.Split('–');
                return version >= byte.Parse(ends[0], CultureInfo.InvariantCulture) && version <= byte.Parse(ends[^1], CultureInfo.InvariantCulture)
                    ? version
                    : throw new InvalidDataException($"{field.Path} is {version}, and the page says {versions}");
            case ["byte"]:
                return Bytes(1)[0];
            case ["flag"]:
                byte flag = Bytes(1)[0];
                return flag <= 1 ? flag : throw new InvalidDataException($"{field.Path} is {flag}, neither 0 nor 1");
            case [var optional] when optional.EndsWith('?'):
                return Bytes(1)[0] == 0 ? 0 : Take(optional[..^1], field);
            case ["varint"]:
                return Varint();
            case ["int32"]:
                return BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));
            case ["int32", "=", var other]:
                int number = BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));
                return number == _numbers[other] ? number : throw new InvalidDataException($"{field.Path} is {number}, and {other} {_numbers[other]}");
            case ["int64"] or ["uint64"] or ["double"]:
                return BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));
            case ["uint128"] or ["key"] or ["halves"]:
                Bytes(16);
                return 0;
            case ["hash"]:
                Bytes(SHA256.HashSizeInBytes);
                return 0;
            case ["text"]:
                new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes((int)Varint()));
                return 0;
            case ["bytes"]:
                Bytes((int)Varint());
                return 0;
            case ["bytes", "of", .. var inner]:
                return Inner(string.Join(' ', inner), Bytes((int)Varint()).ToArray(), field);
            case ["sha256"]:
                return Seal(SHA256.HashData(_bytes.AsSpan(0, _at)), field);
            case ["xxh3"]:
                byte[] hash = new byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(hash, XxHash3.HashToUInt64(_bytes.AsSpan(_block, _at - _block)));
                return Seal(hash, field);
            default:
                throw new InvalidDataException($"{field.Path}: the page has no type '{type}'");
        }
    }

    private long Inner(string link, byte[] bytes, FormatField field)
    {
        string anchor = link[(link.IndexOf('#', StringComparison.Ordinal) + 1)..].TrimEnd(')');
        return bytes.Length == 0 || Check(_documents[anchor], _documents, bytes) is not { } fault ? 0 : throw new InvalidDataException($"{field.Path}: {fault}");
    }

    private long Seal(byte[] hash, FormatField field) =>
        Bytes(hash.Length).SequenceEqual(hash) ? 0 : throw new InvalidDataException($"{field.Path} is not the hash of the bytes before it");

    private ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _bytes.Length - _at)
            throw new InvalidDataException("it ends too early");
        _at += count;
        return _bytes.AsSpan(_at - count, count);
    }

    private long Varint()
    {
        long value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Bytes(1)[0];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
