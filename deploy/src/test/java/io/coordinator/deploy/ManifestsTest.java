package io.coordinator.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coordinator.server.config.ServerConfig;
import io.coordinator.testing.feature.Feature;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@Feature({"B-14", "B-37", "PM-PERS-14"})
class ManifestsTest {

    private final Manifests files = Manifests.ofFiles();

    ManifestsTest() throws IOException {}

    @Test
    void filesHoldNothingThatTheModelDoesNotKnow() {
        assertThat(files.unknownMembers()).isEmpty();
    }

    @Test
    void strictParsingFindsAMisspeltMember() throws IOException {
        StatefulSet set = statefulSet(files);
        container(set).setAdditionalProperty("livenesProbe", "misspelt");
        assertThat(files.unknownMembers()).singleElement().asString().endsWith(".livenesProbe");
    }

    @Test
    void renderedBaseIsStrictAndComplete() throws Exception {
        Manifests rendered = renderedOrSkip();
        assertThat(rendered.unknownMembers()).isEmpty();
        StatefulSet set = statefulSet(rendered);
        ConfigMap config = rendered.only(ConfigMap.class, "coordinator-");
        assertThat(container(set).getEnvFrom())
                .singleElement()
                .satisfies(source -> assertThat(source.getConfigMapRef().getName())
                        .isEqualTo(config.getMetadata().getName()));
        assertThat(container(set).getImage()).startsWith("coordinator:");
    }

    @Test
    void everyPodsEnvironmentIsAValidServerConfiguration() throws Exception {
        Manifests rendered = renderedOrSkip();
        Map<String, String> env = rendered.only(ConfigMap.class, "coordinator-").getData();
        int replicas = statefulSet(rendered).getSpec().getReplicas();
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            Map<String, String> pod = new HashMap<>(env);
            pod.put("COORD_NODE", "coordinator-" + ordinal);
            pod.putAll(secrets(container(statefulSet(rendered))));
            ServerConfig config = ServerConfig.load(List.of(), pod);
            assertThat(config.node()).isEqualTo("coordinator-" + ordinal);
            assertThat(config.members()).hasSize(replicas);
        }
    }

    @Test
    @Feature("C-12")
    void thePeerTokenComesFromASecretAndStandsInNoManifest() {
        assertThat(secrets(container(statefulSet(files)))).containsOnlyKeys("COORD_PEER_TOKEN");
    }

    /** The variables that come from a Secret, each with a value such as an operator would have put there. */
    private static Map<String, String> secrets(Container container) {
        return container.getEnv().stream()
                .filter(variable -> variable.getValueFrom() != null
                        && variable.getValueFrom().getSecretKeyRef() != null
                        && variable.getValue() == null)
                .collect(Collectors.toMap(EnvVar::getName, variable -> "0123456789abcdef0123456789abcdef"));
    }

    @Test
    void allPodsStartAtOnceAndFindEachOtherBeforeTheyAreReady() {
        StatefulSet set = statefulSet(files);
        Service peers = files.exactly(Service.class, "coordinator-peers");
        assertThat(set.getSpec().getPodManagementPolicy()).isEqualTo("Parallel");
        assertThat(set.getSpec().getServiceName()).isEqualTo("coordinator-peers");
        assertThat(peers.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(peers.getSpec().getPublishNotReadyAddresses()).isTrue();
    }

    @Test
    void threeDistinctProbesAskThePortThatAnswers() {
        Container container = container(statefulSet(files));
        assertThat(path(container.getStartupProbe())).isEqualTo("/startup");
        assertThat(path(container.getReadinessProbe())).isEqualTo("/ready");
        assertThat(path(container.getLivenessProbe())).isEqualTo("/live");
    }

    @Test
    void stoppingAPodHandsLeadershipOverAndNeverTouchesTheMembership() {
        String preStop = String.join(
                " ",
                container(statefulSet(files))
                        .getLifecycle()
                        .getPreStop()
                        .getExec()
                        .getCommand());
        assertThat(preStop)
                .contains("transfer")
                .doesNotContainIgnoringCase("remove")
                .doesNotContain("member");
    }

    /** What is killed before it has taken its last snapshot replays its log at the next start. */
    @Test
    @Feature("B-13")
    void aPodHasTheTimeToHandOverAndToEnd() {
        StatefulSet set = statefulSet(files);
        String preStop = String.join(
                " ", container(set).getLifecycle().getPreStop().getExec().getCommand());
        Matcher timeout = Pattern.compile("--timeout (\\d+)s").matcher(preStop);
        assertThat(timeout.find()).isTrue();
        long heirs = set.getSpec().getReplicas() - 1L;
        long drain = heirs * 4 + 10;
        long snapshot = 20;
        assertThat(set.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds())
                .isGreaterThanOrEqualTo(Long.parseLong(timeout.group(1)) + drain + snapshot);
    }

    @Test
    void servicesPointAtPortsThatTheContainerHas() {
        List<String> ports = container(statefulSet(files)).getPorts().stream()
                .map(ContainerPort::getName)
                .toList();
        for (String name : List.of("coordinator", "coordinator-peers")) {
            for (ServicePort port : files.exactly(Service.class, name).getSpec().getPorts()) {
                assertThat(ports).contains(port.getTargetPort().getStrVal());
            }
        }
    }

    @Test
    void atMostOnePodIsEvictedAtATime() {
        PodDisruptionBudget budget = files.exactly(PodDisruptionBudget.class, "coordinator");
        assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
        assertThat(budget.getSpec().getSelector().getMatchLabels())
                .isEqualTo(statefulSet(files).getSpec().getSelector().getMatchLabels());
    }

    private static StatefulSet statefulSet(Manifests manifests) {
        return manifests.exactly(StatefulSet.class, "coordinator");
    }

    private static Container container(StatefulSet set) {
        return set.getSpec().getTemplate().getSpec().getContainers().get(0);
    }

    private static String path(Probe probe) {
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
        return probe.getHttpGet().getPath();
    }

    /** Rendering needs kubectl. Where it is missing that is reported; in CI it is a failure. */
    private static Manifests renderedOrSkip() throws IOException, InterruptedException {
        boolean present = Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(dir -> Files.isExecutable(Path.of(dir, "kubectl")));
        if (System.getenv("CI") == null) {
            assumeTrue(present, "kubectl is missing; install it (Debian: apt-get install kubernetes-client)");
        }
        return Manifests.rendered();
    }
}
