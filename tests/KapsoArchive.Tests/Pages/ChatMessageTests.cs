using System.Text.Json;
using KapsoArchive.Core.Messages;

namespace KapsoArchive.Tests.Pages;

public sealed class ChatMessageTests
{
    [Fact]
    public void Half_a_surrogate_pair_in_a_name_or_text_hides_no_other_value()
    {
        JsonElement data = ChatMessage.ObjectOf("""{"\udc00name":1,"caption":"a \ud83d","text":"\ud83d\ude00"}""");

        data.Text("text").ShouldBe("😀");
        data.Text("caption").ShouldBe("a \uFFFD");
        data.Text("name").ShouldBeNull();
    }
}
