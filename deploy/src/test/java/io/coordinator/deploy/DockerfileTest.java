package io.coordinator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The image is as the manifests, the build and the launcher need it; that it can be built, only a build shows. */
@Feature({"B-14", "B-37"})
class DockerfileTest {
    private final List<String> instructions = instructions(Files.readString(Path.of("Dockerfile")));
    /** Those of the image itself. */
    private final List<String> image = instructions.subList(lastFrom(), instructions.size());

    private final StatefulSet set = Manifests.ofFiles().exactly(StatefulSet.class, "coordinator");
    private final Container container =
            set.getSpec().getTemplate().getSpec().getContainers().get(0);

    DockerfileTest() throws IOException {}

    /** Without comments, each in one line. */
    private static List<String> instructions(String text) {
        String joined = text.lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n"))
                .replace("\\\n", "");
        return joined.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private int lastFrom() {
        int last = 0;
        for (int i = 0; i < instructions.size(); i++) {
            last = instructions.get(i).startsWith("FROM ") ? i : last;
        }
        return last;
    }

    private List<String> all(String instruction) {
        return image.stream()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length() + 1))
                .toList();
    }

    @Test
    void itIsBuiltFromTheSourcesAndHoldsNoToolsForThat() throws IOException {
        assertThat(instructions.subList(0, lastFrom()))
                .anySatisfy(line -> assertThat(line).matches("FROM maven:\\S+ AS build"))
                .anySatisfy(line -> assertThat(line).startsWith("RUN mvn ").contains("-Dquick package"));
        assertThat(image.get(0)).matches("FROM \\S+-jre");
        String pom = Files.readString(Path.of("../coordinator-cli/pom.xml"));
        assertThat(pom).contains("<distribution>${project.basedir}/target/dist</distribution>");
        assertThat(all("COPY")).containsExactly("--from=build /src/coordinator-cli/target/dist /opt/coordinator");
        assertThat(Files.readString(Path.of("Dockerfile.dockerignore")).lines()).contains("**/target", ".git");
    }

    @Test
    void itRunsAsTheUserThatTheManifestsName() {
        PodSecurityContext security = set.getSpec().getTemplate().getSpec().getSecurityContext();
        assertThat(security.getRunAsNonRoot()).isTrue();
        assertThat(all("USER")).containsExactly(security.getRunAsUser() + ":" + security.getRunAsGroup());
        assertThat(image.indexOf("USER " + all("USER").get(0))).isGreaterThan(lastIndex("RUN"));
    }

    private int lastIndex(String instruction) {
        int last = -1;
        for (int i = 0; i < image.size(); i++) {
            last = image.get(i).startsWith(instruction + " ") ? i : last;
        }
        return last;
    }

    @Test
    void itsPortsAndItsVolumeAreThoseOfTheManifests() {
        assertThat(all("EXPOSE"))
                .containsExactly(container.getPorts().stream()
                        .map(ContainerPort::getContainerPort)
                        .map(String::valueOf)
                        .collect(Collectors.joining(" ")));
        String data = container.getVolumeMounts().stream()
                .filter(mount -> mount.getName().equals("data"))
                .map(VolumeMount::getMountPath)
                .findFirst()
                .orElseThrow();
        assertThat(all("VOLUME")).containsExactly(data);
        assertThat(all("ENV")).contains("COORD_DATA_DIR=" + data);
    }

    @Test
    void signalsReachTheServer() throws IOException {
        assertThat(all("ENTRYPOINT")).containsExactly("[\"coordinator\"]");
        assertThat(all("CMD")).containsExactly("[\"" + String.join("\", \"", container.getArgs()) + "\"]");
        assertThat(container.getCommand()).isEmpty();
        List<String> launcher = Files.readAllLines(Path.of("../coordinator"));
        assertThat(launcher.get(launcher.size() - 1))
                .startsWith("exec ")
                .contains("${JAVA_OPTS-}")
                .endsWith("io.coordinator.cli.Main \"$@\"");
    }
}
