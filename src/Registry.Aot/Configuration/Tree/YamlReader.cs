using System.Collections.Immutable;
using Registry.Aot.Configuration.Values;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Registry.Aot.Configuration.Tree;

/// <summary>Reads one YAML document into nodes that know where they stand. Anchors, aliases, tags and keys written twice are refused.</summary>
internal sealed class YamlReader
{
    /// <summary>Deepest nesting: far beyond any configuration, far below what the stack holds.</summary>
    private const int MaxDepth = 32;

    private readonly Parser _parser;
    private readonly Func<int, int, Origin> _origin;
    private Mark _reached = new(0, 1, 1);

    private YamlReader(string text, Func<int, int, Origin> origin)
    {
        _parser = new Parser(new StringReader(text));
        _origin = origin;
    }

    /// <summary>Reads <paramref name="text"/>; an empty one is nothing.</summary>
    /// <param name="text">The document.</param>
    /// <param name="origin">Makes the origin of a line and a column.</param>
    /// <exception cref="YamlSyntaxException">It cannot be read.</exception>
    public static Node Read(string text, Func<int, int, Origin> origin)
    {
        var reader = new YamlReader(text, origin);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException broken)
        {
            // Some, such as a tab that indents, are told at the beginning of what surrounds them.
            var place = broken.Start.Index < reader._reached.Index ? reader._reached : broken.Start;
            throw new YamlSyntaxException(reader.At(place), $"this is not valid YAML: {broken.Message}", broken);
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The scanner throws these, without a place, for some malformed flow collections and escapes.
            throw new YamlSyntaxException(reader.At(reader._reached), "this is not valid YAML from here on", broken);
        }
    }

    private Node ReadDocument()
    {
        Next();
        if (Next() is StreamEnd end)
        {
            return new ScalarNode(At(end.Start), "", IsPlain: true);
        }

        var document = ReadNode(Next(), depth: 0);
        Next();
        return Next() is DocumentStart second
            ? throw new YamlSyntaxException(At(second.Start), "a second document begins here; expected one only")
            : document;
    }

    private Node ReadNode(ParsingEvent parsed, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new YamlSyntaxException(At(parsed.Start), $"this is nested too deeply; expected at most {MaxDepth} levels");
        }

        RefuseReferences(parsed);
        return parsed switch
        {
            Scalar scalar => new ScalarNode(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart start => ReadList(start, depth),
            MappingStart start => ReadMap(start, depth),
            _ => throw new YamlSyntaxException(At(parsed.Start), "this is not valid YAML from here on"),
        };
    }

    private ListNode ReadList(SequenceStart start, int depth)
    {
        var items = ImmutableList.CreateBuilder<Node>();
        for (var next = Next(); next is not SequenceEnd; next = Next())
        {
            items.Add(ReadNode(next, depth + 1));
        }

        return new ListNode(At(start.Start), items.ToImmutable());
    }

    private MapNode ReadMap(MappingStart start, int depth)
    {
        var entries = ImmutableList.CreateBuilder<MapEntry>();
        var places = new Dictionary<string, Origin>(StringComparer.Ordinal);
        for (var next = Next(); next is not MappingEnd; next = Next())
        {
            RefuseReferences(next);
            if (next is not Scalar key)
            {
                throw new YamlSyntaxException(At(next.Start), "a key is a list or a section; expected text");
            }

            var place = At(key.Start);
            if (!places.TryAdd(key.Value, place))
            {
                throw new YamlSyntaxException(place, $"the key {ShownText.Of(key.Value)} stands here a second time; the first is at {places[key.Value]}");
            }

            entries.Add(new MapEntry(key.Value, place, ReadNode(Next(), depth + 1)));
        }

        return new MapNode(At(start.Start), entries.ToImmutable());
    }

    private void RefuseReferences(ParsingEvent parsed)
    {
        if (parsed is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
        {
            throw new YamlSyntaxException(At(parsed.Start), "anchors and aliases are not supported; expected the value itself");
        }

        if (parsed is NodeEvent { Tag.IsEmpty: false })
        {
            throw new YamlSyntaxException(At(parsed.Start), "tags are not supported; expected the value itself");
        }
    }

    private ParsingEvent Next()
    {
        if (!_parser.MoveNext() || _parser.Current is not { } current)
        {
            throw new InvalidOperationException("The document ends early.");
        }

        _reached = current.End;
        return current;
    }

    private Origin At(Mark mark) => _origin((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
