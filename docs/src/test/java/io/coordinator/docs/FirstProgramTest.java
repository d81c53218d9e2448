package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** The README's first program, taken out of the page as it stands there, with nothing but what its pom.xml brings. */
@CoordinatorCluster(nodes = 1)
class FirstProgramTest {
    /** Tells a whole program from a snippet. */
    static final String MAIN = "public static void main(";

    private static final Path README = Project.ROOT.resolve("README.md");
    private static final Pattern BLOCK = Pattern.compile("(?s)```(\\w*)\\n(.*?)```");
    private static final Pattern SOURCE = Pattern.compile("`src/main/java/(\\w+)\\.java`:");
    /** What the program must not need: the rest of the project, and the libraries of that. */
    private static final Pattern NOT_OF_THE_SDK = Pattern.compile("/(docs|testing|testing-feature|state-machine"
            + "|coordinator-server|coordinator-cli)(/target/|-[0-9])"
            + "|/(ratis|rocksdb|junit|assertj|awaitility|logback)");

    private final Path folder;

    FirstProgramTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theProgramPrintsWhatTheReadmeSaysAndBuildsOnlyOnce(Cluster cluster) throws Exception {
        compile();

        assertThat(run(cluster)).isEqualTo(block("", "building the report\n"));
        assertThat(run(cluster)).isEqualTo("run 2: the report has 42 pages\n");
    }

    @Test
    void theCoordinatesAreThoseOfThisBuild() throws Exception {
        Document root = parse(Files.readString(Project.ROOT.resolve("pom.xml")));
        String version = text(root, "/project/version");
        String slf4j = text(root, "/project/properties/slf4j.version");
        Document pom = parse(pom());

        assertThat(text(root, "/project/groupId")).isEqualTo("io.coordinator");
        assertThat(dependency(pom, 1)).isEqualTo("io.coordinator:coordinator-client:" + version);
        assertThat(dependency(pom, 2)).isEqualTo("org.slf4j:slf4j-simple:" + slf4j);
        assertThat(text(pom, "//exec.mainClass")).isEqualTo(className());
        assertThat(text(pom, "//maven.compiler.release"))
                .as("the oldest Java")
                .isEqualTo(text(root, "//maven.compiler.release"));
        assertThat(block("kotlin", "implementation("))
                .contains("\"" + dependency(pom, 1) + "\"", "\"" + dependency(pom, 2) + "\"");
    }

    // ---- the page ----

    private static String pom() throws IOException {
        return block("xml", "<modelVersion>");
    }

    private static String className() throws IOException {
        return SOURCE.matcher(Files.readString(README))
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.joining());
    }

    /** The one block of a language with this text in it. */
    private static String block(String language, String part) throws IOException {
        List<MatchResult> blocks = BLOCK.matcher(Files.readString(README))
                .results()
                .filter(block ->
                        block.group(1).equals(language) && block.group(2).contains(part))
                .toList();
        assertThat(blocks).as("'%s' blocks with '%s'", language, part).hasSize(1);
        return blocks.get(0).group(2);
    }

    // ---- the project ----

    private void compile() throws Exception {
        Path source = Files.createDirectories(folder.resolve("src/main/java")).resolve(className() + ".java");
        Files.writeString(source, block("java", MAIN));
        List<String> options = List.of(
                "--release", text(parse(pom()), "//maven.compiler.release"), "-cp", classPath(), "-d", classes());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(said, null, StandardCharsets.UTF_8)) {
            compiler.getTask(null, files, said, options, null, files.getJavaFileObjects(source))
                    .call();
        }
        assertThat(said.getDiagnostics())
                .filteredOn(one -> one.getKind() == Diagnostic.Kind.ERROR)
                .isEmpty();
    }

    private String classes() {
        return folder.resolve("target/classes").toString();
    }

    private String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        !NOT_OF_THE_SDK.matcher(entry.replace('\\', '/')).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** What it prints. It ends by itself, with 0. */
    private String run(Cluster cluster) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", classes() + File.pathSeparator + classPath(), className()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(folder.resolve("errors").toFile());
        builder.environment().put("COORD_ENDPOINTS", cluster.endpoints());
        Process program = builder.start();
        try {
            assertThat(program.waitFor(1, TimeUnit.MINUTES)).as("ended").isTrue();
        } finally {
            program.destroyForcibly();
        }
        assertThat(program.exitValue())
                .as(Files.readString(folder.resolve("errors")))
                .isZero();
        return Files.readString(output);
    }

    // ---- XML ----

    private static String dependency(Document pom, int number) throws Exception {
        String path = "/project/dependencies/dependency[" + number + "]/";
        return text(pom, path + "groupId") + ":" + text(pom, path + "artifactId") + ":" + text(pom, path + "version");
    }

    private static String text(Document document, String path) throws Exception {
        return XPathFactory.newInstance().newXPath().evaluate(path, document).strip();
    }

    private static Document parse(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }
}
