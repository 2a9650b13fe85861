using CsCheck;
using Registry.Server.Authentication;
using Xunit;

namespace Registry.Server.Tests.Authentication;

public sealed class UserTableTests
{
    private const string Rest = "abcdefghijklmnopqrstuuBCDEFGHIJKLMNOPQRSTUVWXYZ01234567./";

    private static readonly string[] Editable = ["alice", "bob", "new"];

    private static string Hash(string prefix = "$2y$05$") => prefix + Rest[..53];

    [Fact]
    public void Parse_WrongLines_LockOutTheirOwnUsersAlone()
    {
        var table = UserTable.Parse($"""
            # users of the team
            alice:{Hash()}

              bob:{Hash("$2a$10$")}
            carol:{Hash("$2b$05$")}
            dave:$apr1$abc$def
            eve:{Hash()}x
            no colon here
            :{Hash()}
            alice:{Hash("$2y$06$")}
            anonymous:{Hash()}
            *:{Hash()}
            frank:{Hash("$2y$31$")}
            """.ReplaceLineEndings("\r\n"));

        Assert.Equal(["alice", "bob", "carol"], table.Names.Order(StringComparer.Ordinal));
        Assert.Equal(Hash(), table.Find("alice")!.Hash.Text);
        Assert.Equal([6, 7, 8, 9, 10, 11, 12, 13], table.Problems.Select(problem => problem.Line));
        Assert.All(table.Problems, problem => Assert.DoesNotContain("apr1", problem.Reason, StringComparison.Ordinal));
        Assert.Equal(5, table.UsualCost);
    }

    [Fact]
    public void Parse_WrongFirstLineOfAUser_IsNotMadeGoodByASecond()
    {
        var table = UserTable.Parse($"alice:*\nalice:{Hash()}");

        Assert.Null(table.Find("alice"));
        Assert.Equal(2, table.Problems.Count);
    }

    [Theory]
    [InlineData("$2y$05$", true)]
    [InlineData("$2x$05$", false)]
    [InlineData("$2$05$a", false)]
    [InlineData("$2y$03$", false)]
    [InlineData("$2y$17$", true)]
    [InlineData("$2y$18$", false)]
    [InlineData("$2y$5$a", false)]
    [InlineData("$2y$-5$", false)]
    public void Parse_Hash_IsBcryptOfABoundedCost(string prefix, bool expected) =>
        Assert.Equal(expected, BcryptHash.TryParse(Hash(prefix), out _));

    [Fact]
    public void Parse_AnyText_NamesOnlyUsersWithoutColonsAndControls() =>
        Gen.String[Gen.Char["ab:$2y05.\n\r\t #\0é"], 0, 200].Select(text => text + $"\nab:{Hash()}\n").Sample(text =>
        {
            var table = UserTable.Parse(text);
            Assert.All(table.Names, name => Assert.Null(UserTable.FindNameProblem(name)));
            Assert.All(table.Problems, problem => Assert.InRange(problem.Line, 1, text.Count(c => c == '\n') + 1));
        });

    [Fact]
    public void Set_AnyUser_ChangesThatLineAlone() =>
        Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Bool).Sample((which, isWindows, isEnded) =>
        {
            var user = Editable[which];
            var end = isWindows ? "\r\n" : "\n";
            var text = $"# c{end}alice:{Hash()}{end}broken{end}bob:{Hash()}{(isEnded ? end : "")}";
            Assert.True(BcryptHash.TryParse(Hash("$2b$07$"), out var hash));

            var edited = HtpasswdEditor.Set(text, new HtpasswdEntry(user, hash!));

            Assert.Equal(hash, UserTable.Parse(edited).Find(user)!.Hash);
            foreach (var other in Editable[..2].Where(other => other != user))
            {
                Assert.Equal(Hash(), UserTable.Parse(edited).Find(other)!.Hash.Text);
            }

            Assert.StartsWith($"# c{end}", edited, StringComparison.Ordinal);
            Assert.Contains("broken", edited, StringComparison.Ordinal);
            var removed = HtpasswdEditor.Remove(edited, user, out var wasThere);
            Assert.True(wasThere);
            Assert.Null(UserTable.Parse(removed).Find(user));
        });

    [Fact]
    public void Create_Hash_MatchesItsPasswordAlone()
    {
        var hash = BcryptHash.Create("s3cret", BcryptHash.MinCost);

        Assert.StartsWith("$2y$04$", hash.Text, StringComparison.Ordinal);
        Assert.True(hash.Matches("s3cret"));
        Assert.False(hash.Matches("s3cre"));
        Assert.DoesNotContain(hash.Text, hash.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$2y$05$U9Y3JIcT9pFyA6TPkCVT4uT3Ip0GzmJgqZ1oKG5uPz0kWgLp1sbRS")]
    public void Matches_HashOfAnother_IsFalse(string text)
    {
        Assert.True(BcryptHash.TryParse(text, out var hash));
        Assert.False(hash.Matches("whatever"));
    }
}
