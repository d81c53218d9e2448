package io.coordinator.cli.backup;

import io.coordinator.cli.command.ClusterProbe;
import io.coordinator.cli.command.ClusterReport;
import io.coordinator.cli.command.NodeReport;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.client.internal.net.Found;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.BackupHeader;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Role;
import io.coordinator.protocol.SaveSnapshotRequest;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.SnapshotPart;
import io.coordinator.server.backup.BackupException;
import io.coordinator.server.backup.BackupWriter;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fetches a backup from a running cluster. */
final class SnapshotSaving {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(3);

    private final Console console;
    private final GlobalOptions options;

    SnapshotSaving(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    /** What was saved. */
    record Saved(BackupHeader header, long bytes) {}

    /** What is wanted. */
    record Wish(Path file, @Nullable String from, long bytesPerSecond, boolean stale, boolean overwrite) {}

    Saved save(Wish wish) {
        ClusterReport report = report();
        long index = wish.stale() ? 0 : appliedByLeader(report);
        NodeReport source = source(report, wish.from());
        console.err().println("coordinator snapshot save: from " + source.node() + " at " + source.address());
        try (BackupWriter writer = BackupWriter.open(wish.file(), wish.overwrite())) {
            BackupHeader header = call(
                    source.address(),
                    stub -> receive(
                            stub.saveSnapshot(SaveSnapshotRequest.newBuilder()
                                    .setIndexMin(index)
                                    .setBytesPerSecond(wish.bytesPerSecond())
                                    .build()),
                            writer));
            writer.commit();
            return new Saved(header, writer.written());
        } catch (BackupException e) {
            throw new CliException(exitCode(e.code()), e.code() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CliException(ExitCode.ERROR, "cannot write " + wish.file() + ": " + e.getMessage(), e);
        }
    }

    private ClusterReport report() {
        try {
            Duration timeout = options.timeout().compareTo(STATUS_TIMEOUT) < 0 ? options.timeout() : STATUS_TIMEOUT;
            return new ClusterProbe(timeout, options.authToken())
                    .ask(List.of(options.endpoints().split(",")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.ERROR, "interrupted", e);
        }
    }

    /** Everything that was acknowledged before this command began is in the entries up to this one. */
    private long appliedByLeader(ClusterReport report) {
        NodeStatusReply leader = report.leader()
                .orElseThrow(() -> new CliException(
                        ExitCode.NO_QUORUM,
                        "no leader was found, so that nobody knows what was acknowledged; try again, or take what a node"
                                + " has with --stale"));
        String address = report.nodes().stream()
                .filter(node -> node.node().equals(leader.getNode()))
                .map(NodeReport::address)
                .findFirst()
                .orElseThrow();
        Answer answer = call(
                address,
                stub -> stub.withDeadlineAfter(options.timeout().toMillis(), TimeUnit.MILLISECONDS)
                        .read(Query.newBuilder()
                                .setId(1)
                                .setConsistency(Consistency.QUORUM)
                                .setSession(SessionQuery.newBuilder().setStats(GetStats.getDefaultInstance()))
                                .build()));
        if (answer.hasError()) {
            throw refused(answer.getError());
        }
        return answer.getSession().getStats().getIndex();
    }

    /** The follower that is furthest, since it has most to spare; the leader if it is alone, or wanted. */
    private NodeReport source(ClusterReport report, @Nullable String wanted) {
        if (wanted != null) {
            return report.nodes().stream()
                    .filter(node -> node.node().equals(wanted) && node.status().isPresent())
                    .findFirst()
                    .orElseThrow(() -> new CliException(
                            ExitCode.NO_QUORUM, "no node '" + wanted + "' could be reached; see `coordinator status`"));
        }
        return report.nodes().stream()
                .filter(node -> node.status().isPresent())
                .max(Comparator.comparing((NodeReport node) -> follows(node.status()))
                        .thenComparing(node -> node.status()
                                .map(NodeStatusReply::getAppliedIndex)
                                .orElse(0L)))
                .orElseThrow(() -> new CliException(ExitCode.NO_QUORUM, "no node could be reached"));
    }

    private static boolean follows(Optional<NodeStatusReply> status) {
        return status.filter(node -> node.getRole() != Role.LEADER && node.getReady())
                .isPresent();
    }

    private BackupHeader receive(Iterator<SnapshotPart> parts, BackupWriter writer) {
        SaveProgress progress = new SaveProgress(console);
        BackupHeader header = BackupHeader.getDefaultInstance();
        long total = 0;
        while (parts.hasNext()) {
            SnapshotPart part = parts.next();
            if (part.hasError()) {
                throw refused(part.getError());
            }
            if (part.hasHeader()) {
                header = part.getHeader();
                total = part.getBytesTotal();
            }
            try {
                writer.write(part.getData().toByteArray());
            } catch (IOException e) {
                throw new CliException(ExitCode.ERROR, "cannot write the backup: " + e.getMessage(), e);
            }
            progress.at(writer.written(), total);
        }
        return header;
    }

    private <T> T call(String address, Function<CoordinatorServiceGrpc.CoordinatorServiceBlockingStub, T> use) {
        Metadata headers = new Metadata();
        options.authToken().ifPresent(token -> headers.put(AUTHORIZATION, "Bearer " + token));
        ManagedChannel channel =
                ManagedChannelBuilder.forTarget(address).usePlaintext().build();
        try {
            return use.apply(CoordinatorServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)));
        } catch (StatusRuntimeException e) {
            throw failed(address, e);
        } finally {
            channel.shutdownNow();
        }
    }

    private static CliException failed(String address, StatusRuntimeException e) {
        Status status = e.getStatus();
        String what = address + " " + Found.describe(status);
        return switch (status.getCode()) {
            case UNIMPLEMENTED ->
                new CliException(ExitCode.ERROR, address + " runs a version that gives no backups; upgrade it", e);
            case UNAUTHENTICATED -> new CliException(ExitCode.AUTH, what, e);
            case DEADLINE_EXCEEDED -> new CliException(ExitCode.TIMEOUT, what, e);
            case UNAVAILABLE -> new CliException(ExitCode.NO_QUORUM, what + "; the backup is not whole, try again", e);
            default -> new CliException(ExitCode.ERROR, what, e);
        };
    }

    private static CliException refused(Error error) {
        return new CliException(exitCode(error.getCode()), error.getCode() + ": " + error.getMessage());
    }

    static int exitCode(ErrorCode code) {
        return switch (code) {
            case EINVAL, EMISMATCH -> ExitCode.USAGE;
            case ENOTLEADER, ENOLEADER -> ExitCode.NO_QUORUM;
            case EAUTH, EACCES -> ExitCode.AUTH;
            default -> ExitCode.ERROR;
        };
    }
}
