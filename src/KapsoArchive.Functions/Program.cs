using KapsoArchive.Functions;
using Microsoft.Azure.Functions.Worker.Builder;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
FunctionApp.Configure(builder);
await builder.Build().RunAsync();
