using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace KapsoArchive.Tests.House;

/// <summary>What the compiled types of a tree use and call, read from their IL, so that no alias and no parent namespace hides a
/// use.</summary>
internal sealed class AssemblyGraph
{
    private readonly List<(PEReader File, MetadataReader Metadata)> _assemblies = [];
    private readonly Dictionary<string, HashSet<string>> _calls = [];
    private readonly Dictionary<string, HashSet<string>> _implementers = [];

    private AssemblyGraph()
    {
    }

    /// <summary>The outermost types of KapsoArchive, by full name.</summary>
    public HashSet<string> Types { get; } = [];

    /// <summary>Which type names which in its IL or its signatures.</summary>
    public HashSet<(string From, string To)> TypeEdges { get; } = [];

    /// <param name="assemblies">Files of assemblies; those of KapsoArchive alone are read.</param>
    public static AssemblyGraph Of(IEnumerable<string> assemblies)
    {
        var graph = new AssemblyGraph();
        foreach (string assembly in assemblies)
            graph.Read(assembly);
        graph.Connect();
        return graph;
    }

    private void Read(string assembly)
    {
        var file = new PEReader(File.OpenRead(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        _assemblies.Add((file, metadata));
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            if (type.GetDeclaringType().IsNil && metadata.GetString(type.Namespace).StartsWith("KapsoArchive", StringComparison.Ordinal))
                Types.Add(Outermost(metadata, handle));
        }
    }

    private void Connect()
    {
        foreach ((PEReader file, MetadataReader metadata) in _assemblies)
            Connect(file, metadata);
        // A call of an interface's member reaches every implementation of it.
        foreach ((string called, HashSet<string> implementations) in _implementers)
            if (_calls.TryGetValue(called, out HashSet<string>? own))
                own.UnionWith(implementations);
            else
                _calls[called] = [.. implementations];
    }

    public Dictionary<string, HashSet<string>> Rooms(string root)
    {
        Dictionary<string, HashSet<string>> rooms = [];
        foreach (string type in Types.Where(t => t.StartsWith(root, StringComparison.Ordinal)))
            rooms.TryAdd(Room(type), []);
        foreach ((string from, string to) in TypeEdges)
        {
            bool isInside = from.StartsWith(root, StringComparison.Ordinal) && to.StartsWith(root, StringComparison.Ordinal);
            if (isInside && Room(from) != Room(to) && rooms.ContainsKey(Room(to)))
                rooms[Room(from)].Add(Room(to));
        }

        return rooms;

        string Room(string type) => type[..type.LastIndexOf('.')][root.Length..].TrimStart('.').Replace('.', '/');
    }

    /// <summary>The longest chain of methods between two types that no cycle of calls lengthens.</summary>
    public string[] LongestChain(Func<string, bool> isStart, Func<string, bool> isEnd)
    {
        List<List<string>> components = Components(_calls);
        Dictionary<string, int> of = [];
        for (int i = 0; i < components.Count; i++)
            foreach (string method in components[i])
                of[method] = i;
        // Components come callee first, so whatever a method calls is known already.
        var best = new (int Length, string? Next, string Method)[components.Count];
        for (int i = 0; i < components.Count; i++)
        {
            best[i] = (0, null, components[i][0]);
            foreach (string method in components[i])
            {
                if (isEnd(TypeOf(method)) && best[i].Length == 0)
                    best[i] = (1, null, method);
                foreach (string called in _calls.GetValueOrDefault(method, []))
                    if (of.TryGetValue(called, out int to) && to != i && best[to].Length > 0 && best[to].Length + 1 > best[i].Length)
                        best[i] = (best[to].Length + 1, called, method);
            }
        }

        string? start = _calls.Keys.Where(m => isStart(TypeOf(m))).MaxBy(m => best[of[m]].Length);
        List<string> chain = [];
        for (string? at = start; at is not null; at = best[of[at]].Next)
            chain.Add(best[of[at]].Method);
        return [.. chain];
    }

    /// <summary>Tarjan's strongly connected components, those that are depended on first.</summary>
    public static List<List<string>> Components(Dictionary<string, HashSet<string>> edges)
    {
        Dictionary<string, int> index = [], low = [];
        Stack<string> stack = new();
        HashSet<string> on = [];
        List<List<string>> found = [];
        var worker = new Thread(() =>
        {
            foreach (string node in edges.Keys.Order())
                if (!index.ContainsKey(node))
                    Visit(node);
        }, 512 << 20);
        worker.Start();
        worker.Join();
        return found;

        void Visit(string node)
        {
            index[node] = low[node] = index.Count;
            stack.Push(node);
            on.Add(node);
            foreach (string to in edges.GetValueOrDefault(node, []).Order())
            {
                if (!index.TryGetValue(to, out int seen))
                {
                    Visit(to);
                    low[node] = Math.Min(low[node], low[to]);
                }
                else if (on.Contains(to))
                {
                    low[node] = Math.Min(low[node], seen);
                }
            }

            if (low[node] != index[node])
                return;
            List<string> component = [];
            for (string? member = null; member != node;)
            {
                member = stack.Pop();
                on.Remove(member);
                component.Add(member);
            }

            found.Add(component);
        }
    }

    private static string TypeOf(string method) => method[..method.IndexOf("::", StringComparison.Ordinal)];

    private void Connect(PEReader file, MetadataReader metadata)
    {
        var names = new SignatureNames(metadata);
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            string owner = Outermost(metadata, handle);
            if (!Types.Contains(owner))
                continue;
            Uses(owner, names.Of(type.BaseType));
            foreach (InterfaceImplementationHandle i in type.GetInterfaceImplementations())
            {
                EntityHandle contract = metadata.GetInterfaceImplementation(i).Interface;
                Uses(owner, names.Of(contract));
                if (names.First(contract) is { } name && Types.Contains(name))
                    foreach (string method in type.GetMethods().Select(m => metadata.GetString(metadata.GetMethodDefinition(m).Name)))
                        Add(_implementers, $"{name}::{method}", $"{owner}::{method}");
            }

            if (names.First(type.BaseType) is { } parent && Types.Contains(parent))
                foreach (MethodDefinition method in type.GetMethods().Select(metadata.GetMethodDefinition)
                    .Where(m => m.Attributes.HasFlag(MethodAttributes.Virtual)))
                    Add(_implementers, $"{parent}::{metadata.GetString(method.Name)}", $"{owner}::{metadata.GetString(method.Name)}");
            foreach (FieldDefinitionHandle field in type.GetFields())
                Uses(owner, metadata.GetFieldDefinition(field).DecodeSignature(names, null));
            foreach (CustomAttributeHandle attribute in type.GetCustomAttributes())
                Uses(owner, names.Of(metadata.GetCustomAttribute(attribute).Constructor));
            foreach (MethodDefinitionHandle m in type.GetMethods())
                Connect(file, metadata, names, owner, metadata.GetMethodDefinition(m), handle);
        }
    }

    private void Connect(
        PEReader file, MetadataReader metadata, SignatureNames names, string owner, MethodDefinition method, TypeDefinitionHandle declaring)
    {
        string caller = Written(metadata, declaring, metadata.GetString(method.Name), owner);
        MethodSignature<ImmutableArray<string>> signature = method.DecodeSignature(names, null);
        Uses(owner, [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(p => p)]);
        Add(_calls, caller, null);
        if (method.RelativeVirtualAddress == 0)
            return;
        MethodBodyBlock body = file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            Uses(owner, [.. metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null).SelectMany(l => l)]);
        foreach ((OpCode code, int token) in Instructions(body.GetILReader()))
        {
            EntityHandle handle = MetadataTokens.EntityHandle(token);
            if (handle.Kind is HandleKind.UserString || handle.IsNil)
                continue;
            Uses(owner, names.Of(handle));
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineTok
                && Called(metadata, names, handle) is { } called && called != caller)
                Add(_calls, caller, called);
        }
    }

    /// <summary>The method as it was written: what the compiler made of a lambda, an iterator or an async method counts as that
    /// method.</summary>
    private static string Written(MetadataReader metadata, TypeDefinitionHandle declaring, string name, string owner)
    {
        for (TypeDefinition type = metadata.GetTypeDefinition(declaring); ; type = metadata.GetTypeDefinition(type.GetDeclaringType()))
        {
            if (name.StartsWith('<') && name.IndexOf('>') is > 1 and var end)
                name = name[1..end];
            string of = metadata.GetString(type.Name);
            if (type.GetDeclaringType().IsNil)
                break;
            if (Regex.Match(of, @"^<+(\w+)>") is { Success: true } made) // Two brackets: of an async lambda.
                name = made.Groups[1].Value;
        }

        return $"{owner}::{name}";
    }

    private string? Called(MetadataReader metadata, SignatureNames names, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodSpecification:
                return Called(metadata, names, metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.MethodDefinition:
                MethodDefinition method = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                string owner = Outermost(metadata, method.GetDeclaringType());
                return Types.Contains(owner) ? Written(metadata, method.GetDeclaringType(), metadata.GetString(method.Name), owner) : null;
            case HandleKind.MemberReference:
                MemberReference member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                return member.GetKind() == MemberReferenceKind.Method && names.First(member.Parent) is { } type && Types.Contains(type)
                    ? $"{type}::{Plain(metadata.GetString(member.Name))}" : null;
            default:
                return null;
        }
    }

    private static string Plain(string name) => Regex.Match(name, @"^<(\w+)>") is { Success: true } made ? made.Groups[1].Value : name;

    private void Uses(string owner, ImmutableArray<string> types)
    {
        foreach (string type in types)
            if (type != owner && Types.Contains(type))
                TypeEdges.Add((owner, type));
    }

    private static void Add(Dictionary<string, HashSet<string>> to, string key, string? value)
    {
        if (!to.TryGetValue(key, out HashSet<string>? values))
            to[key] = values = [];
        if (value is not null)
            values.Add(value);
    }

    /// <summary>The full name of the outermost type that declares this one.</summary>
    public static string Outermost(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? Outermost(metadata, outer)
            : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    private static List<(OpCode Code, int Token)> Instructions(BlobReader reader)
    {
        List<(OpCode, int)> found = [];
        while (reader.RemainingBytes > 0)
        {
            int value = reader.ReadByte();
            OpCode code = value == 0xFE ? SignatureNames.Two[reader.ReadByte()] : SignatureNames.One[value];
            switch (code.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                    found.Add((code, reader.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    int cases = reader.ReadInt32();
                    reader.Offset += 4 * cases;
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    reader.Offset += 1;
                    break;
                case OperandType.InlineVar:
                    reader.Offset += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    reader.Offset += 8;
                    break;
                default:
                    reader.Offset += 4;
                    break;
            }
        }

        return found;
    }
}
