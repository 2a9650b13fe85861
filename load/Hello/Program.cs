// The least that an AOT web server can be: what the registry's start and idle memory are held against.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
app.MapGet("/v2/", () => "hello");
await app.RunAsync();
