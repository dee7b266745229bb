using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace KapsoArchive.Tests.House;

/// <summary>The outermost types that a signature or a token names.</summary>
internal sealed class SignatureNames(MetadataReader metadata) : ISignatureTypeProvider<ImmutableArray<string>, object?>
{
    public static readonly Dictionary<int, OpCode> One = [], Two = [];

    static SignatureNames()
    {
        foreach (OpCode code in typeof(OpCodes).GetFields().Select(f => f.GetValue(null)).OfType<OpCode>())
            (code.Size == 1 ? One : Two)[code.Value & 0xFF] = code;
    }

    public string? First(EntityHandle handle) => Of(handle) is { IsEmpty: false } all ? all[0] : null;

    public ImmutableArray<string> Of(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case var _ when handle.IsNil: return [];
            case HandleKind.TypeReference: return GetTypeFromReference(metadata, (TypeReferenceHandle)handle, 0);
            case HandleKind.TypeDefinition: return GetTypeFromDefinition(metadata, (TypeDefinitionHandle)handle, 0);
            case HandleKind.TypeSpecification: return metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
            case HandleKind.MemberReference:
                MemberReference member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                if (member.GetKind() == MemberReferenceKind.Field)
                    return [.. Of(member.Parent), .. member.DecodeFieldSignature(this, null)];
                MethodSignature<ImmutableArray<string>> signature = member.DecodeMethodSignature(this, null);
                return [.. Of(member.Parent), .. signature.ReturnType, .. signature.ParameterTypes.SelectMany(p => p)];
            case HandleKind.MethodSpecification:
                MethodSpecification method = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                return [.. Of(method.Method), .. method.DecodeSignature(this, null).SelectMany(a => a)];
            case HandleKind.MethodDefinition:
                MethodDefinition definition = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                MethodSignature<ImmutableArray<string>> own = definition.DecodeSignature(this, null);
                return [.. Of(definition.GetDeclaringType()), .. own.ReturnType, .. own.ParameterTypes.SelectMany(p => p)];
            case HandleKind.FieldDefinition:
                FieldDefinition field = metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                return [.. Of(field.GetDeclaringType()), .. field.DecodeSignature(this, null)];
            default: return [];
        }
    }

    public ImmutableArray<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? GetTypeFromDefinition(reader, outer, 0) : [$"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"];
    }

    public ImmutableArray<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        TypeReference type = reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0) : [$"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"];
    }

    public ImmutableArray<string> GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, context);

    public ImmutableArray<string> GetGenericInstantiation(ImmutableArray<string> type, ImmutableArray<ImmutableArray<string>> arguments) =>
        [.. type, .. arguments.SelectMany(a => a)];

    public ImmutableArray<string> GetFunctionPointerType(MethodSignature<ImmutableArray<string>> signature) => [];

    public ImmutableArray<string> GetModifiedType(ImmutableArray<string> modifier, ImmutableArray<string> type, bool isRequired) => type;

    public ImmutableArray<string> GetArrayType(ImmutableArray<string> type, ArrayShape shape) => type;

    public ImmutableArray<string> GetByReferenceType(ImmutableArray<string> type) => type;

    public ImmutableArray<string> GetGenericMethodParameter(object? context, int index) => [];

    public ImmutableArray<string> GetGenericTypeParameter(object? context, int index) => [];

    public ImmutableArray<string> GetPinnedType(ImmutableArray<string> type) => type;

    public ImmutableArray<string> GetPointerType(ImmutableArray<string> type) => type;

    public ImmutableArray<string> GetPrimitiveType(PrimitiveTypeCode code) => [];

    public ImmutableArray<string> GetSZArrayType(ImmutableArray<string> type) => type;
}
