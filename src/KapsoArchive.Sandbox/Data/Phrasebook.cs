namespace KapsoArchive.Sandbox.Data;

/// <summary>Phrases in one language. They are JSON text: quotes, line breaks and, as in Rails, ampersands are escaped.</summary>
internal sealed class Phrasebook
{
    private static readonly byte[][] Emojis = Utf8("👍", "🙏", "😊", "❤️", "😂", "🎉", "👏🏽", "😢", "🔥", "👨‍👩‍👧", "🇲🇽", "✅");

    private readonly Template[] _phrases;
    private readonly byte[][] _answers;
    private readonly string[] _names;
    private readonly byte[][] _namesUtf8;
    private readonly byte[][] _places;
    private readonly byte[][] _files;

    private Phrasebook(string[] phrases, string[] answers, string[] names, string[] places, string[] files)
    {
        _phrases = [.. phrases.Select(phrase => new Template(phrase))];
        _answers = Utf8(answers);
        _names = names;
        _namesUtf8 = Utf8(names);
        _places = Utf8(places);
        _files = Utf8(files);
    }

    public static Phrasebook Spanish { get; } = new(
        phrases:
        [
            "Hola, ¿a qué hora abren mañana?", "Buenos días, quiero saber el estado de mi pedido #$number$",
                "Abrimos a las $hour$:00, ¡te esperamos!",
            "Necesito ayuda con mi pedido", "¿Tienen envío a $place$?", "Sí, claro que sí", "Muchas gracias por tu ayuda",
                "Su pedido #$number$ ya va en camino",
            "El total es de $size$.50 MXN", "¿Puedo pagar con tarjeta?", "Le comparto el comprobante",
                "No me ha llegado el paquete todavía",
            "Con gusto, $name$, en un momento te atiende un compañero", "¿Me regalas tu dirección completa?", "Ok", "Va",
                "¿Siguen teniendo el modelo \\\"Añil\\\"?",
            "Quisiera agendar una cita para las $hour$:00", "Perfecto, quedó agendada tu cita", "Tu número de folio es $number$",
                "¿Hacen factura?",
            "Mándame el RFC y la constancia, por favor", "Se me descompuso a los $digit$ días", "Estamos revisando tu caso y te avisamos",
                "¡Feliz cumpleaños, $name$!",
            "Envíos \\u0026 devoluciones: lunes a viernes, de 9:00 a 18:00", "Disculpa la demora", "jajaja sí",
                "¿Cuánto cuesta el de $size$ ml?", "Buenas noches",
        ],
        answers: ["Sí, por favor", "No, gracias", "Confirmar", "Cambiar la cita", "Hablar con una persona", "Ver catálogo"],
        names: ["María Fernández", "José Ángel Núñez", "Lucía Peña", "Iñaki Ibarra", "Guadalupe Hernández", "Óscar Ruiz",
            "Ximena Castillo", "Andrés Gómez", "Sofía Márquez", "Raúl Ortega"],
        places: ["Coyoacán", "Mérida", "Querétaro", "San Luis Potosí", "León", "Tijuana", "Bogotá", "Medellín"],
        files: ["recibo", "comprobante", "foto", "IMG-20260301-WA0004", "garantia", "cotizacion"]);

    public static Phrasebook English { get; } = new(
        phrases:
        [
            "Hi, what time do you open tomorrow?", "Good morning, where is my order #$number$?", "We open at $hour$:00. See you!",
                "I need help with my order",
            "Do you ship to $place$?", "Yes, of course", "Thanks a lot for your help", "Your order #$number$ is on its way",
                "That is $size$.50 USD in total",
            "Can I pay by card?", "Here is the receipt", "The parcel has not arrived yet",
                "One moment, $name$, a colleague will be right with you",
            "Could you send me your full address?", "Ok", "Great", "Do you still have the \\\"Indigo\\\" one?",
                "I'd like to book an appointment for $hour$:00",
            "Done, you are booked", "Your reference is $number$", "Do you send invoices?", "It broke after $digit$ days",
                "We are looking into it and will let you know",
            "Happy birthday, $name$!", "Shipping \\u0026 returns: Monday to Friday, 9:00–18:00", "Sorry for the delay", "haha yes",
                "How much is the $size$ ml one?",
            "It’s the third time I’ve asked…", "Good night",
        ],
        answers: ["Confirm", "Yes, please", "No, thanks", "Reschedule", "Talk to a person", "See the catalogue"],
        names: ["Barbara Johnson", "Liam O'Connor", "Zoë Clarke", "Priya Nair", "Noah Smith", "Chloé Martin", "Ethan Brown", "Aisha Khan"],
        places: ["San Francisco", "Austin", "Brooklyn", "Portland", "Leeds", "Toronto"],
        files: ["receipt", "photo", "screenshot", "IMG_4821", "invoice", "warranty"]);

    public static ReadOnlySpan<byte> Emoji(ulong bits) => Pick(Emojis, bits);

    public Template Phrase(ulong bits) => Pick(_phrases, bits);

    public ReadOnlySpan<byte> Answer(ulong bits) => Pick(_answers, bits);

    public string Name(ulong bits) => Pick(_names, bits);

    public ReadOnlySpan<byte> NameUtf8(ulong bits) => Pick(_namesUtf8, bits);

    public ReadOnlySpan<byte> Place(ulong bits) => Pick(_places, bits);

    public ReadOnlySpan<byte> File(ulong bits) => Pick(_files, bits);

    private static T Pick<T>(T[] choices, ulong bits) => choices[Scramble.Below(bits, choices.Length)];

    private static byte[][] Utf8(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
