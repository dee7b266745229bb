using System.Buffers.Text;

namespace KapsoArchive.Sandbox.Data;

/// <summary>The values of one record. Each slot's value depends only on the record's key, not on the order of calls.</summary>
internal readonly struct RecordDraw
{
    private readonly ConversationProfile _conversation;
    private readonly ulong _key;
    private readonly bool _inbound;
    private readonly DateTime _createdAt;

    public RecordDraw(ConversationProfile conversation, ulong key, Side side, DateTime createdAt)
    {
        _conversation = conversation;
        _key = key;
        _createdAt = createdAt;
        _inbound = side switch
        {
            Side.Contact => true,
            Side.Business => false,
            _ => Percent(Slot.Direction) < 52,
        };
    }

    public void Write(Slot slot, Utf8Buffer json)
    {
        ulong bits = Bits(slot);
        switch (slot)
        {
            case Slot.Id: json.Append(Scramble.Uuid(_key, bits)); break;
            case Slot.Phone: json.Append(_conversation.PhoneNumber); break;
            case Slot.Direction: json.Append(_inbound ? "inbound"u8 : "outbound"u8); break;
            case Slot.Status: json.Append(Status()); break;
            case Slot.Processing: json.Append(Processing()); break;
            case Slot.Wamid or Slot.Target: WriteWamid(bits, json); break;
            case Slot.CreatedAt: WriteCreatedAt(json); break;
            case Slot.UpdatedAt: WriteUpdatedAt(json); break;
            case Slot.Text: WriteText(bits, json); break;
            case Slot.Phrase: _conversation.Language.Phrase(bits).Fill(this, json); break;
            case Slot.Answer: json.Append(_conversation.Language.Answer(bits)); break;
            case Slot.Emoji: json.Append(Phrasebook.Emoji(bits)); break;
            case Slot.Name: json.Append(_conversation.Language.NameUtf8(bits)); break;
            case Slot.Place: json.Append(_conversation.Language.Place(bits)); break;
            case Slot.File: json.Append(_conversation.Language.File(bits)); break;
            case Slot.Signature: Utf8Formatter.TryFormat(bits, json.Claim(16), out _, new('x', 16)); break;
            case Slot.Media: json.Append(100_000_000_000_000 + Scramble.Below(bits, 900_000_000_000_000L)); break;
            case Slot.Hash: WriteHash(bits, json); break;
            case Slot.Number: json.Append(10_000 + Scramble.Below(bits, 90_000)); break;
            case Slot.Size: json.Append(1 + Scramble.Below(bits, 999)); break;
            case Slot.Digit: json.Append(Scramble.Below(bits, 10)); break;
            case Slot.Hour: json.Append(8 + Scramble.Below(bits, 13)); break;
        }
    }

    private ulong Bits(Slot slot) => Scramble.Bits(_key, (ulong)slot);

    private int Percent(Slot slot) => Scramble.Below(Bits(slot), 100);

    private ReadOnlySpan<byte> Status() => (Percent(Slot.Status), _inbound) switch
    {
        ( < 55, true) => "delivered"u8,
        ( < 85, true) => "received"u8,
        (_, true) => "read"u8,
        ( < 60, false) => "read"u8,
        ( < 85, false) => "delivered"u8,
        ( < 97, false) => "sent"u8,
        (_, false) => "pending"u8,
    };

    private ReadOnlySpan<byte> Processing() => Percent(Slot.Processing) switch
    {
        < 80 => "processed"u8,
        < 94 => "completed"u8,
        < 98 => "pending"u8,
        _ => "blocked"u8,
    };

    private static void WriteWamid(ulong bits, Utf8Buffer json)
    {
        json.Append("HBgL"u8);
        var symbols = json.Claim(24);
        WriteSymbols(symbols[..12], bits, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"u8);
        WriteSymbols(symbols[12..], Scramble.Bits(bits), "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"u8);
    }

    private static void WriteHash(ulong bits, Utf8Buffer json)
    {
        var symbols = json.Claim(43);
        for (; symbols.Length > 0; symbols = symbols[Math.Min(10, symbols.Length)..])
        {
            WriteSymbols(symbols[..Math.Min(10, symbols.Length)], bits,
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);
            bits = Scramble.Bits(bits);
        }
    }

    private static void WriteSymbols(Span<byte> symbols, ulong bits, ReadOnlySpan<byte> alphabet)
    {
        foreach (ref byte symbol in symbols)
        {
            symbol = alphabet[(int)(bits % (ulong)alphabet.Length)];
            bits /= (ulong)alphabet.Length;
        }
    }

    private void WriteText(ulong bits, Utf8Buffer json)
    {
        int phrases = Scramble.Below(bits, 100) switch
        {
            < 62 => 1,
            < 90 => 2,
            < 99 => 3,
            _ => 12,
        };
        for (int i = 0; i < phrases; i++)
        {
            // Sometimes a second paragraph; its line break is escaped for JSON.
            if (i > 0) json.Append(i % 2 == 0 ? "\\n"u8 : " "u8);
            _conversation.Language.Phrase(Scramble.Bits(bits, (ulong)i)).Fill(this, json);
        }

        if (Percent(Slot.Emoji) >= 25) return;
        json.Append((byte)' ');
        json.Append(Phrasebook.Emoji(Bits(Slot.Emoji)));
    }

    private void WriteCreatedAt(Utf8Buffer json)
    {
        // Rails writes milliseconds; one record in ten comes from a path that keeps microseconds.
        ulong bits = Bits(Slot.CreatedAt);
        if (Scramble.Below(bits, 10) > 0 || _conversation.Timeline.HasTies) json.Append(_createdAt, 3);
        else json.Append(_createdAt.AddMicroseconds(bits % 1000), 6);
    }

    private void WriteUpdatedAt(Utf8Buffer json)
    {
        // Most records change once more with their status: soon, or when the contact reads the message.
        ulong bits = Bits(Slot.UpdatedAt);
        long seconds = Scramble.Below(bits, 100) switch
        {
            < 30 => 1,
            < 75 => 1 + (long)(bits % 20),
            _ => 1 + (long)(bits % 86_400),
        };
        json.Append(_createdAt.AddSeconds(seconds), bits % 50 == 0 ? 0 : 3);
    }
}
