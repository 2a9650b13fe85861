namespace Registry.Aot.Configuration.Schema;

/// <summary>Whatever distribution allows there: of what is not acted on, the inside is not looked at. Immutable.</summary>
internal sealed class AnyShape() : Shape("any value");
