using KapsoArchive.Benchmarks.Children;
using KapsoArchive.Benchmarks.Measures;

// Every contender runs in a process of its own: this program again, with a verb that its help does not name.
return args is ["child", var verb, .. var settings]
    ? await ChildProgram.RunAsync(verb, settings)
    : await BenchmarkProgram.RunAsync(args);
