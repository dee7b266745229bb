using KapsoArchive.Api;
using KapsoArchive.Core;
using KapsoArchive.Core.Kapso;
using KapsoArchive.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services
    .AddKapso(builder.Configuration)
    .AddRuns(builder.Configuration)
    .AddQueueOfFunctions(builder.Configuration)
    .AddArchiveApi()
    .AddTelemetryOfFunctions(builder.Configuration, telemetry => telemetry.UseFunctionsWorkerDefaults())
    .AddVisibleLogs();
await builder.Build().RunAsync();
