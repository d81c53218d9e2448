package io.coordinator.server.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ConfigureQueue;
import io.coordinator.protocol.DueList;
import io.coordinator.protocol.DueSchedules;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.InspectSchedule;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.JobQuery;
import io.coordinator.protocol.JobSummary;
import io.coordinator.protocol.ListJobs;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.PauseSchedule;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScheduleCommand;
import io.coordinator.protocol.ScheduleQuery;
import io.coordinator.protocol.ScheduleSettings;
import io.coordinator.protocol.ScheduleSummary;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SetQuota;
import io.coordinator.protocol.SetSchedule;
import io.coordinator.server.propose.Proposal;
import io.coordinator.state.Applied;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The state that leaders with clocks of their own look at; what they propose is applied when the test says so. */
final class ScheduledCore {
    static final String NAMESPACE = "ns";
    static final String QUEUE = "q";

    private final Coordinator core = new Coordinator(Limits.DEFAULT);
    private final long session;
    private long index;
    private long seq;

    ScheduledCore() {
        Reply opened = apply(
                0,
                Command.newBuilder()
                        .setSession(SessionCommand.newBuilder()
                                .setOpen(OpenSession.newBuilder()
                                        .setResumeToken(ByteString.copyFromUtf8("the token of a session"))
                                        .setLeaseMillis(10_000)))
                        .build());
        session = opened.getSession().getOpened().getSessionId();
    }

    /** A node that leads, or believes so. */
    final class Leader {
        private long dateMillis;
        private boolean leads = true;
        private int asked;
        private final List<Proposal> proposed = new ArrayList<>();
        private final ScheduleRounds rounds =
                new ScheduleRounds(() -> leads, core::query, proposed::add, () -> dateMillis, () -> asked++);

        Leader(String date) {
            dateMillis = millis(date);
        }

        void clock(String date) {
            dateMillis = millis(date);
        }

        void clock(long millis) {
            dateMillis = millis;
        }

        void leads(boolean whether) {
            leads = whether;
        }

        /** How often it was told that it can look again. */
        int asked() {
            return asked;
        }

        int untimed() {
            return rounds.untimed();
        }

        /** Looks, without anything being applied. */
        List<Proposal> look() {
            rounds.look();
            List<Proposal> taken = List.copyOf(proposed);
            proposed.clear();
            return taken;
        }

        /** Looks, and what it proposes is applied, until there is nothing more; returns the number of entries. */
        int round() {
            int entries = 0;
            List<Proposal> proposals = look();
            while (!proposals.isEmpty()) {
                for (Proposal proposal : proposals) {
                    commit(proposal);
                    entries++;
                }
                assertThat(entries).as("entries of one round").isLessThan(10_000);
                proposals = look();
            }
            return entries;
        }

        Reply commit(Proposal proposal) {
            Reply reply = apply(dateMillis, proposal.commands().get(0));
            proposal.applied(0, List.of(reply));
            return reply;
        }
    }

    Leader leader(String date) {
        return new Leader(date);
    }

    static long millis(String date) {
        return Instant.parse(date).toEpochMilli();
    }

    private Reply apply(long dateMillis, Command command) {
        index++;
        Applied applied = core.apply(
                index,
                Entry.newBuilder()
                        .setDateMillis(dateMillis)
                        .setClusterTimeMillis(index)
                        .addCommands(command)
                        .build());
        assertThat(applied.defects()).isEmpty();
        return applied.replies().get(0);
    }

    Reply send(String date, Command.Builder command) {
        seq++;
        Command sent =
                command.setSessionId(session).setSeq(seq).setAckedSeq(seq - 1).build();
        assertThat(core.refuse(sent)).isEmpty();
        return apply(millis(date), sent);
    }

    static ScheduleSettings.Builder job() {
        return ScheduleSettings.newBuilder()
                .setQueue(QUEUE)
                .setJob(NewJob.newBuilder().setPayload(ByteString.copyFromUtf8("1")));
    }

    static Command.Builder setting(String name, ScheduleSettings.Builder settings) {
        return Command.newBuilder()
                .setSchedule(ScheduleCommand.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setName(name)
                        .setSet(SetSchedule.newBuilder().setSettings(settings)));
    }

    void set(String date, String name, ScheduleSettings.Builder settings) {
        assertThat(ScheduleRules.refuse(setting(name, settings).build())).isEmpty();
        assertThat(send(date, setting(name, settings)).hasSchedule()).isTrue();
    }

    void pause(String date, String name, boolean paused) {
        send(
                date,
                Command.newBuilder()
                        .setSchedule(ScheduleCommand.newBuilder()
                                .setNamespace(NAMESPACE)
                                .setName(name)
                                .setPause(PauseSchedule.newBuilder().setPaused(paused))));
    }

    void configure(String date, QueueSettings.Builder settings) {
        send(
                date,
                Command.newBuilder()
                        .setJob(JobCommand.newBuilder()
                                .setNamespace(NAMESPACE)
                                .setQueue(QUEUE)
                                .setConfigure(ConfigureQueue.newBuilder().setSettings(settings))));
    }

    /** How far the state may grow. */
    void quota(long bytes) {
        apply(
                0,
                Command.newBuilder()
                        .setSession(SessionCommand.newBuilder()
                                .setSetQuota(SetQuota.newBuilder().setStateBytesMax(bytes)))
                        .build());
    }

    long stateBytes() {
        return core.stateBytes();
    }

    /** The times that have fired of a schedule, in the order of their jobs. */
    List<String> fired(String name) {
        List<String> times = new ArrayList<>();
        boolean more = true;
        String after = "";
        while (more) {
            var page = core.query(Query.newBuilder()
                            .setJob(JobQuery.newBuilder()
                                    .setNamespace(NAMESPACE)
                                    .setQueue(QUEUE)
                                    .setList(ListJobs.newBuilder().setAfterId(after)))
                            .build())
                    .getJob()
                    .getJobs();
            for (JobSummary job : page.getJobsList()) {
                if (job.getSchedule().equals(name)) {
                    times.add(job.getId().substring(name.length() + 1));
                }
                after = job.getId();
            }
            more = page.getMore();
        }
        return times;
    }

    ScheduleSummary look(String name) {
        return core.query(Query.newBuilder()
                        .setSchedule(ScheduleQuery.newBuilder()
                                .setNamespace(NAMESPACE)
                                .setName(name)
                                .setInspect(InspectSchedule.getDefaultInstance()))
                        .build())
                .getSchedule()
                .getInspection()
                .getSummary();
    }

    DueList due(long dateMillis) {
        return core.query(Query.newBuilder()
                        .setSchedule(ScheduleQuery.newBuilder()
                                .setDue(DueSchedules.newBuilder().setDateMillis(dateMillis)))
                        .build())
                .getSchedule()
                .getDue();
    }
}
