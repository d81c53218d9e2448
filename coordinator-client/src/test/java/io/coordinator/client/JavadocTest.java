package io.coordinator.client;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The javadoc of the public API says of every time, number and name that a caller gives, or an answer has, what it can be: with words of
 * its own, or by a link to where it is said.
 */
class JavadocTest {
    private static final Path SOURCES = Path.of("src/main/java/io/coordinator/client");
    /** A module that stands on the client has its rules too, and links to it. */
    private static final Path COMPAT = Path.of("../coordinator-compat/src/main/java/io/coordinator/compat");

    private static final Path INTERNALS = SOURCES.resolve("internal");
    private static final Set<String> NAMES = Set.of(
            "after",
            "bucket",
            "clientName",
            "cluster",
            "endpoints",
            "id",
            "key",
            "keyPrefix",
            "keys",
            "lock",
            "lockPrefix",
            "name",
            "names",
            "namespace",
            "operator",
            "owner",
            "prefix",
            "reason",
            "selector",
            "toNode",
            "values");
    private static final Pattern OF_TEXTS =
            Pattern.compile("String|String\\[]|(Collection|List)<String>|Map<String,.*");
    private static final Set<String> NUMBERS = Set.of("int", "long", "double", "byte[]");
    /** A unit and what 0 means, or where that is said. */
    private static final Pattern ON_TIME =
            Pattern.compile("(?s)(?=.*\\b0\\b).*millisecond.*|.*package-summary\\.html#times.*|.*as for \\{@link.*");

    private static final Pattern ON_NAMES =
            Pattern.compile("(?s).*(package-summary\\.html#names|linkplain io\\.coordinator\\.client names?).*");
    private static final Pattern POINTS = Pattern.compile("(?s)\\s*(See|As) \\{@link.*");
    private static final int LINKS_MAX = 4;

    private final Map<String, List<Documented>> members = new LinkedHashMap<>();

    /** A parameter of a method, or a component of a record. */
    private record Parameter(String name, String type) {
        boolean isTime() {
            return type.equals("Duration");
        }

        boolean isName() {
            return NAMES.contains(name) && OF_TEXTS.matcher(type).matches();
        }

        boolean needsWords() {
            return isTime() || isName() || NUMBERS.contains(type);
        }

        boolean isAbout(Parameter other) {
            return type.equals(other.type) && (isTime() || name.equals(other.name));
        }
    }

    /** A public method, constructor or record, and what its javadoc says. */
    private record Documented(
            String type,
            String name,
            List<Parameter> parameters,
            String body,
            Map<String, String> words,
            List<String> links,
            String typeBody) {
        boolean isMeant(List<String> types) {
            return types.equals(
                    parameters.stream().map(one -> erased(one.type())).toList());
        }

        @Override
        public String toString() {
            return type + "." + name
                    + parameters.stream().map(one -> erased(one.type())).collect(joining(", ", "(", ")"));
        }
    }

    @Test
    void everyTimeNumberAndNameIsToldOf() throws IOException {
        read();
        List<String> missing = members.values().stream()
                .flatMap(List::stream)
                .flatMap(member -> member.parameters().stream()
                        .filter(one -> one.needsWords() && !isToldOf(member, one, 0))
                        .map(one -> member + ": " + one.type() + " " + one.name()))
                .toList();

        assertThat(members).as("members of the API").hasSizeGreaterThan(300);
        assertThat(missing)
                .as("parameters of which the javadoc does not say enough")
                .isEmpty();
    }

    private boolean isToldOf(Documented member, Parameter parameter, int links) {
        String words = member.words().get(parameter.name());
        if (words != null) {
            return parameter.isTime() ? ON_TIME.matcher(words).matches() : !words.isBlank();
        }
        boolean byRule = parameter.isName()
                && (ON_NAMES.matcher(member.body()).matches()
                        || ON_NAMES.matcher(member.typeBody()).matches());
        return byRule
                || (links < LINKS_MAX
                        && POINTS.matcher(member.body()).matches()
                        && member.links().stream()
                                .flatMap(link -> meant(member, link))
                                .anyMatch(other -> other.parameters().stream()
                                        .anyMatch(one -> one.isAbout(parameter) && isToldOf(other, one, links + 1))));
    }

    /** What a link leads to: {@code Type#name(Types)}, {@code #name}. */
    private Stream<Documented> meant(Documented from, String link) {
        int hash = link.indexOf('#');
        if (hash < 0) {
            return Stream.empty();
        }
        String type = hash == 0 ? from.type() : link.substring(0, hash);
        String[] parts = link.substring(hash + 1).split("[()]", -1);
        Stream<Documented> named =
                members.getOrDefault(type + "#" + parts[0], List.of()).stream().filter(other -> !other.equals(from));
        if (parts.length == 1) {
            return named;
        }
        List<String> types = parts[1].isBlank()
                ? List.of()
                : Arrays.stream(parts[1].split(","))
                        .map(one -> erased(one.strip()))
                        .toList();
        return named.filter(other -> other.isMeant(types));
    }

    private static String erased(String type) {
        return type.replaceAll("<.*>", "").replace("...", "[]");
    }

    // ---- the sources ----

    private void read() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
                Stream<Path> client = Files.walk(SOURCES);
                Stream<Path> compat = Files.walk(COMPAT)) {
            List<Path> ofApi = Stream.concat(client, compat)
                    .filter(file -> file.toString().endsWith(".java") && !file.startsWith(INTERNALS))
                    .sorted()
                    .toList();
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(ofApi));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new Reader(docs).scan(unit, null);
            }
        }
    }

    private final class Reader extends TreePathScanner<Void, Void> {
        private final DocTrees docs;

        Reader(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            if (!isPublic(type.getModifiers())) {
                return null;
            }
            if (type.getKind() == Tree.Kind.RECORD) {
                add("<record>", components(type));
            }
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            List<Parameter> parameters =
                    method.getParameters().stream().map(this::parameter).toList();
            if (isPublic(method.getModifiers()) && !isOfComponents(method, parameters)) {
                add(method.getName().toString(), parameters);
            }
            return null;
        }

        /** Whether it is the constructor of a record that only checks or copies what the record tells of. */
        private boolean isOfComponents(MethodTree method, List<Parameter> parameters) {
            ClassTree type = (ClassTree) getCurrentPath().getParentPath().getLeaf();
            return type.getKind() == Tree.Kind.RECORD
                    && method.getName().contentEquals("<init>")
                    && parameters.equals(components(type));
        }

        private List<Parameter> components(ClassTree type) {
            return type.getMembers().stream()
                    .filter(member -> member instanceof VariableTree field
                            && !field.getModifiers().getFlags().contains(Modifier.STATIC))
                    .map(member -> parameter((VariableTree) member))
                    .toList();
        }

        /** What is in an interface is public. */
        private boolean isPublic(ModifiersTree modifiers) {
            Set<Modifier> flags = modifiers.getFlags();
            boolean inInterface = getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.INTERFACE;
            return flags.contains(Modifier.PUBLIC) || (inInterface && !flags.contains(Modifier.PRIVATE));
        }

        private Parameter parameter(VariableTree variable) {
            String type = variable.getType().toString().replaceAll("@\\w+(\\(\\))? ", "");
            return new Parameter(variable.getName().toString(), type.replace("...", "[]"));
        }

        private void add(String name, List<Parameter> parameters) {
            TreePath path = getCurrentPath();
            TreePath typePath = path.getLeaf() instanceof ClassTree ? path : path.getParentPath();
            String type = ((ClassTree) typePath.getLeaf()).getSimpleName().toString();
            DocCommentTree doc = docs.getDocCommentTree(path);
            DocCommentTree typeDoc = docs.getDocCommentTree(typePath);
            Map<String, String> words = new LinkedHashMap<>();
            List<String> links = new ArrayList<>();
            if (doc != null) {
                doc.getBlockTags().stream()
                        .filter(tag -> tag instanceof ParamTree param && !param.isTypeParameter())
                        .map(tag -> (ParamTree) tag)
                        .forEach(param -> words.put(param.getName().toString(), text(param.getDescription())));
                doc.getFullBody().stream()
                        .filter(part -> part instanceof LinkTree)
                        .forEach(link ->
                                links.add(((LinkTree) link).getReference().getSignature()));
            }
            members.computeIfAbsent(type + "#" + name, any -> new ArrayList<>())
                    .add(new Documented(type, name, parameters, body(doc), words, links, body(typeDoc)));
        }

        private String body(@Nullable DocCommentTree doc) {
            return doc == null ? "" : text(doc.getFullBody());
        }

        private String text(List<? extends DocTree> parts) {
            return parts.stream().map(DocTree::toString).collect(joining());
        }
    }
}
