package io.coordinator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The component of nightly backups. */
@Feature({"B-16", "B-37"})
class BackupManifestsTest {
    private final Manifests files = Manifests.ofFiles(Path.of("k8s/backup").toAbsolutePath());

    BackupManifestsTest() throws IOException {}

    @Test
    void filesHoldNothingThatTheModelDoesNotKnow() {
        assertThat(files.unknownMembers()).isEmpty();
    }

    @Test
    void aBackupIsSavedOnTheClaimCheckedAndOnlyThenAreOldOnesDeleted() throws IOException {
        CronJob job = files.exactly(CronJob.class, "coordinator-backup");
        PodSpec pod = job.getSpec().getJobTemplate().getSpec().getTemplate().getSpec();
        Container container = pod.getContainers().get(0);
        assertThat(job.getSpec().getConcurrencyPolicy()).isEqualTo("Forbid");
        String script = container.getCommand().get(2);
        assertThat(container.getCommand().get(1))
                .as("it ends at the first failure")
                .contains("e");
        assertThat(script.lines().map(String::strip))
                .satisfiesExactly(
                        name -> assertThat(name).startsWith("file=/backups/"),
                        save -> assertThat(save).startsWith("coordinator snapshot save"),
                        verify -> assertThat(verify).startsWith("coordinator snapshot verify"),
                        prune -> assertThat(prune).contains("tail").contains("rm"));
        assertThat(container.getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .contains("/backups");
        String claim = files.exactly(PersistentVolumeClaim.class, "coordinator-backups")
                .getMetadata()
                .getName();
        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
                .singleElement()
                .satisfies(
                        volume -> assertThat(volume.getPersistentVolumeClaim().getClaimName())
                                .isEqualTo(claim));
    }

    @Test
    void itAsksTheServiceOfTheBase() throws IOException {
        Container container = files.exactly(CronJob.class, "coordinator-backup")
                .getSpec()
                .getJobTemplate()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0);
        String endpoints = container.getEnv().stream()
                .filter(variable -> variable.getName().equals("COORD_ENDPOINTS"))
                .findFirst()
                .orElseThrow()
                .getValue();
        String service = endpoints.substring(0, endpoints.indexOf(':'));
        assertThat(Manifests.ofFiles().exactly(Service.class, service)).isNotNull();
    }
}
