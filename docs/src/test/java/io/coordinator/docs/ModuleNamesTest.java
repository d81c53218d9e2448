package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.compat.Compat;
import io.coordinator.document.JsonText;
import io.coordinator.protocol.Command;
import io.coordinator.schedule.NominalTimes;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The names by which modules of users require those of the SDK do not depend on what a file is called. */
class ModuleNamesTest {
    static List<Arguments> modules() {
        return List.of(
                Arguments.of("coordinator-client", "io.coordinator.client", CoordinatorClient.class),
                Arguments.of("coordinator-compat", "io.coordinator.compat", Compat.class),
                Arguments.of("document-model", "io.coordinator.document", JsonText.class),
                Arguments.of("schedule-model", "io.coordinator.schedule", NominalTimes.class),
                Arguments.of("protocol", "io.coordinator.protocol", Command.class));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void eachHasTheNameOfItsPackage(String folder, String name, Class<?> type) throws IOException, URISyntaxException {
        assertThat(type.getPackageName()).isEqualTo(name);
        assertThat(Files.readString(Path.of("..", folder, "pom.xml")))
                .contains("<Automatic-Module-Name>" + name + "</Automatic-Module-Name>");
        Path code =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        assertThat(names(code)).allMatch(name::equals);
    }

    /** A folder of classes has none. */
    private static Stream<String> names(Path code) throws IOException {
        if (Files.isDirectory(code)) {
            return Stream.empty();
        }
        try (JarFile jar = new JarFile(code.toFile())) {
            return Stream.of(
                    String.valueOf(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name")));
        }
    }
}
