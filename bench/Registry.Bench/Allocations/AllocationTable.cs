using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace Registry.Bench.Allocations;

/// <summary>
/// Bytes that one call of each benchmark allocates. They are exact and the same on every machine of one architecture, so what is expected is a file
/// (<c>bench/allocations.txt</c>) and a test compares.
/// </summary>
public static class AllocationTable
{
    /// <summary>Calls before counting, so that caches are filled and static constructors have run.</summary>
    private const int Warmup = 100;

    private const int Calls = 100;

    /// <summary>Counted so often; the least is the benchmark's own, the rest somebody else's.</summary>
    private const int Trials = 5;

    /// <summary>Where what is expected is written.</summary>
    public static string Path { get; } = System.IO.Path.Join(BenchReport.Root, "bench", "allocations.txt");

    /// <summary>What benchmarks of whole directories are marked with: their paths, and so their bytes, are other ones on every machine.</summary>
    public const string OfDirectories = "Directories";

    /// <summary>Counts the benchmarks of this assembly, save those of directories: name with parameters, and bytes a call.</summary>
    public static SortedDictionary<string, long> Measure()
    {
        var table = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var type in typeof(AllocationTable).Assembly.GetTypes().Where(type => !type.IsDefined(typeof(BenchmarkCategoryAttribute))))
        {
            foreach (var method in type.GetMethods().Where(method => method.IsDefined(typeof(BenchmarkAttribute))))
            {
                foreach (var parameters in Parameters(type))
                {
                    var text = string.Join(", ", parameters.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Property.Name}: {pair.Value}")));
                    table.Add(text.Length > 0 ? $"{type.Name}.{method.Name}({text})" : $"{type.Name}.{method.Name}", Measure(type, method, parameters));
                }
            }
        }

        return table;
    }

    /// <summary>Reads what is expected.</summary>
    public static SortedDictionary<string, long> Read() =>
        new(File.ReadLines(Path).Select(line => line.Split(" = ")).ToDictionary(parts => parts[0], parts => long.Parse(parts[1], CultureInfo.InvariantCulture)), StringComparer.Ordinal);

    /// <summary>Writes down what is expected from now on.</summary>
    public static void Write(SortedDictionary<string, long> table) =>
        File.WriteAllLines(Path, table.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} = {pair.Value}")));

    private static long Measure(Type type, MethodInfo method, IReadOnlyList<(PropertyInfo Property, object? Value)> parameters)
    {
        var instance = Activator.CreateInstance(type);
        foreach (var (property, value) in parameters)
        {
            property.SetValue(instance, value);
        }

        Run<GlobalSetupAttribute>(type, instance);
        var call = Bind(method, instance!);
        for (var i = 0; i < Warmup; i++)
        {
            call();
        }

        var least = long.MaxValue;
        for (var trial = 0; trial < Trials; trial++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
            {
                call();
            }

            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / Calls);
        }

        Run<GlobalCleanupAttribute>(type, instance);
        return least;
    }

    // A call by reflection would allocate for the result.
    private static Action Bind(MethodInfo method, object instance) =>
        method.ReturnType == typeof(void)
            ? method.CreateDelegate<Action>(instance)
            : (Action)typeof(AllocationTable).GetMethod(nameof(Discard), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(method.ReturnType).Invoke(null, [method, instance])!;

    private static Action Discard<T>(MethodInfo method, object instance)
    {
        var function = method.CreateDelegate<Func<T>>(instance);
        return () => function();
    }

    private static void Run<TAttribute>(Type type, object? instance)
        where TAttribute : Attribute
    {
        foreach (var method in type.GetMethods().Where(method => method.IsDefined(typeof(TAttribute))))
        {
            method.Invoke(instance, null);
        }
    }

    private static IEnumerable<IReadOnlyList<(PropertyInfo Property, object? Value)>> Parameters(Type type)
    {
        IEnumerable<IReadOnlyList<(PropertyInfo, object?)>> all = [[]];
        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<ParamsAttribute>() is { } values)
            {
                all = all.SelectMany(_ => values.Values, (before, value) => (IReadOnlyList<(PropertyInfo, object?)>)[.. before, (property, value)]);
            }
        }

        return all;
    }
}
