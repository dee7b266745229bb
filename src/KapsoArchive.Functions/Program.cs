using KapsoArchive.Api;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Core.Runs;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services
    .AddKapso(builder.Configuration)
    .AddRuns(builder.Configuration)
    .AddQueueOfFunctions(builder.Configuration)
    .AddArchiveApi();
await builder.Build().RunAsync();
