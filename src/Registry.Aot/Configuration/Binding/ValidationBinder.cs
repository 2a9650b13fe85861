using System.Collections.Immutable;
using Registry.Aot.Configuration.Schema;
using Registry.Server;
using Registry.Storage.Manifests;

namespace Registry.Aot.Configuration.Binding;

/// <summary>Binds <c>validation</c>.</summary>
/// <param name="found">Takes what is found.</param>
internal sealed class ValidationBinder(Diagnostics found)
{
    /// <summary>Binds the section.</summary>
    public ValidationOptions Bind(SectionReader section)
    {
        var enabled = section.Flag("enabled");
        var disabled = section.Flag("disabled");
        if (enabled is not null && enabled == disabled)
        {
            found.Error(section.Entry("disabled")!.Value.Origin, "validation.disabled contradicts validation.enabled; expected one of the two");
        }

        return new ValidationOptions
        {
            IsDisabled = disabled ?? enabled is false,
            IndexPlatforms = BindPlatforms(section.Section("manifests").Section("indexes")),
        };
    }

    private ImmutableArray<Platform>? BindPlatforms(SectionReader indexes)
    {
        const string Path = "validation.manifests.indexes";
        var mode = indexes.Text("platforms") ?? ValidationSchema.All;
        ImmutableArray<Platform> listed = [.. indexes.Sections("platformlist").Select(BindPlatform).OfType<Platform>()];
        if (!ValidationSchema.List.Equals(mode, StringComparison.OrdinalIgnoreCase))
        {
            if (listed.Length > 0)
            {
                found.Warn(indexes.Entry("platformlist")!.Value.Origin, $"{Path}.platformlist has no effect unless {Path}.platforms is {ValidationSchema.List}");
            }

            return ValidationSchema.None.Equals(mode, StringComparison.OrdinalIgnoreCase) ? [] : null;
        }

        if (indexes.Entry("platformlist") is null)
        {
            found.Error(indexes.Entry("platforms")!.Value.Origin, $"{Path}.platforms is {ValidationSchema.List}; expected platforms in {Path}.platformlist");
        }

        return listed;
    }

    private Platform? BindPlatform(SectionReader platform)
    {
        if (platform.Text("os") is { Length: > 0 } os && platform.Text("architecture") is { Length: > 0 } architecture)
        {
            return new Platform(os, architecture);
        }

        found.Error(platform.Origin, "validation.manifests.indexes.platformlist: a platform is incomplete; expected os and architecture, such as linux and amd64");
        return null;
    }
}
