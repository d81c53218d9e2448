package io.coordinator.state;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.AcquirePermits;
import io.coordinator.protocol.AddItems;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CallProcedure;
import io.coordinator.protocol.CancelAcquire;
import io.coordinator.protocol.CancelCall;
import io.coordinator.protocol.CancelPermits;
import io.coordinator.protocol.CancelReserve;
import io.coordinator.protocol.ClearBuilds;
import io.coordinator.protocol.ClearValues;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompareAndSet;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.DeleteBuild;
import io.coordinator.protocol.DeleteDocument;
import io.coordinator.protocol.DeleteSemaphore;
import io.coordinator.protocol.DeleteValue;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.DowngradeLock;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.Expectation;
import io.coordinator.protocol.ExtendLock;
import io.coordinator.protocol.ExtendPermits;
import io.coordinator.protocol.FailBuild;
import io.coordinator.protocol.ForceReleaseLock;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.IncrementNumber;
import io.coordinator.protocol.InspectProcedure;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockMode;
import io.coordinator.protocol.MoveValue;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.PutBuild;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.RegisterWorker;
import io.coordinator.protocol.ReleaseLock;
import io.coordinator.protocol.ReleasePermits;
import io.coordinator.protocol.RemoteFailure;
import io.coordinator.protocol.RemoveItem;
import io.coordinator.protocol.RemoveMember;
import io.coordinator.protocol.ReplaceValue;
import io.coordinator.protocol.ReportCallProgress;
import io.coordinator.protocol.ReportProgress;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.protocol.ResizeSemaphore;
import io.coordinator.protocol.RpcCommand;
import io.coordinator.protocol.RpcQuery;
import io.coordinator.protocol.SemaphoreCommand;
import io.coordinator.protocol.SetMember;
import io.coordinator.protocol.SpliceItems;
import io.coordinator.protocol.TakeItem;
import io.coordinator.protocol.TouchBuild;
import io.coordinator.protocol.TouchValues;
import io.coordinator.protocol.UnregisterWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random commands of one data type, over few names so that they meet. A new data type adds its own to {@link #ALL}. */
interface Generator {
    List<Generator> ALL = List.of(
            new OfLocks(),
            new OfCache(),
            new OfBuilds(),
            new OfSemaphores(),
            new OfDocuments(),
            new TopicGenerator(),
            new OfCalls(),
            new JobGenerator(),
            new ScheduleGenerator(),
            new ClusterGenerator());

    DataKind kind();

    /** The counts of what belongs to no session, and stays when all have ended. */
    Set<String> unowned();

    /** Fills in the body. Often sensible, sometimes not. */
    void fill(Command.Builder command, World world);

    /** Of a type about which the cluster itself proposes something too. */
    interface Proposing {
        /** What it proposes at that moment; often nothing. */
        List<Command> own(World world);
    }

    /** What a generator may refer to. */
    interface World {
        Random random();

        /** One of the tokens minted last, or none at all. */
        long token();

        /** What runs the commands, for a look at what there is. */
        Coordinator core();

        /** The seq of one of this session's last commands. */
        long seqBefore(long seq);

        default String name() {
            return "name-" + random().nextInt(4);
        }

        /** Mostly short; 0 is none. */
        default long millis() {
            return random().nextInt(3) == 0 ? 0 : random().nextInt(400);
        }

        default long waitMillis() {
            return random().nextInt(4) == 0 ? -1 : millis();
        }

        default ByteString json() {
            String[] values = {"null", "0", "7", "1.5", "\"s\"", "{\"a\":1}", "[]", "9223372036854775807", "oops", ""};
            return ByteString.copyFromUtf8(values[random().nextInt(values.length)]);
        }
    }

    /** Locks. */
    final class OfLocks implements Generator {
        @Override
        public DataKind kind() {
            return DataKind.LOCK;
        }

        @Override
        public Set<String> unowned() {
            return Set.of();
        }

        @Override
        public void fill(Command.Builder command, World world) {
            LockCommand.Builder lock =
                    command.getLockBuilder().setNamespace("ns").addAllNames(names(world));
            Random random = world.random();
            switch (random.nextInt(12)) {
                case 0 -> lock.setCancel(CancelAcquire.newBuilder().setRequestSeq(world.seqBefore(command.getSeq())));
                case 1, 2, 3 -> lock.setRelease(ReleaseLock.newBuilder().setToken(world.token()));
                case 4 ->
                    lock.setExtend(
                            ExtendLock.newBuilder().setToken(world.token()).setTtlMillis(world.millis()));
                case 5 -> lock.setDowngrade(DowngradeLock.newBuilder().setToken(world.token()));
                case 6 ->
                    lock.setForceRelease(ForceReleaseLock.newBuilder()
                            .setToken(random.nextInt(4) == 0 ? 0 : world.token())
                            .setOperator(random.nextInt(5) == 0 ? "" : "op")
                            .setReason("why not"));
                default ->
                    lock.setAcquire(AcquireLock.newBuilder()
                            .setTtlMillis(world.millis())
                            .setWaitMillis(world.waitMillis())
                            .setMode(random.nextInt(3) == 0 ? LockMode.SHARED : LockMode.EXCLUSIVE)
                            .setOwner(random.nextBoolean() ? "one" : "two")
                            .setReentrant(random.nextInt(3) == 0)
                            .setContents(world.json()));
            }
        }

        /** Mostly one, sometimes several in any order, now and then one twice or none at all. */
        private static List<String> names(World world) {
            int count = world.random().nextInt(3) == 0 ? world.random().nextInt(4) : 1;
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String name = world.name();
                if (!names.contains(name) || world.random().nextInt(20) == 0) {
                    names.add(name);
                }
            }
            return names;
        }
    }

    /** Semaphores. */
    final class OfSemaphores implements Generator {
        @Override
        public DataKind kind() {
            return DataKind.SEMAPHORE;
        }

        @Override
        public Set<String> unowned() {
            return Set.of("semaphores"); // Those that were resized.
        }

        @Override
        public void fill(Command.Builder command, World world) {
            SemaphoreCommand.Builder semaphore =
                    command.getSemaphoreBuilder().setNamespace("ns").setName(world.name());
            Random random = world.random();
            switch (random.nextInt(14)) {
                case 0 ->
                    semaphore.setCancel(CancelPermits.newBuilder().setRequestSeq(world.seqBefore(command.getSeq())));
                case 1, 2, 3 -> semaphore.setRelease(ReleasePermits.newBuilder().setToken(world.token()));
                case 4 ->
                    semaphore.setExtend(
                            ExtendPermits.newBuilder().setToken(world.token()).setTtlMillis(world.millis()));
                case 5 -> semaphore.setResize(ResizeSemaphore.newBuilder().setLimit(random.nextInt(6)));
                case 6 -> semaphore.setDelete(DeleteSemaphore.getDefaultInstance());
                default ->
                    semaphore.setAcquire(AcquirePermits.newBuilder()
                            .setPermits(random.nextInt(4))
                            .setInitialLimit(1 + random.nextInt(4))
                            .setTtlMillis(world.millis())
                            .setWaitMillis(world.waitMillis())
                            .setContents(world.json()));
            }
        }
    }

    /** Documents. */
    final class OfDocuments implements Generator {
        private static final List<List<String>> PATHS = List.of(
                List.of(), List.of("list"), List.of("list", "0"), List.of("o"), List.of("o", "p"), List.of("x"));

        @Override
        public DataKind kind() {
            return DataKind.DOCUMENT;
        }

        @Override
        public Set<String> unowned() {
            return Set.of("documents");
        }

        @Override
        public void fill(Command.Builder command, World world) {
            DocumentCommand.Builder document =
                    command.getDocumentBuilder().setNamespace("ns").setId(world.name());
            Random random = world.random();
            switch (random.nextInt(10)) {
                case 0 -> document.setDelete(DeleteDocument.getDefaultInstance());
                case 1, 2, 3 ->
                    document.setOpen(OpenDocument.newBuilder()
                            .setInitialContent(ByteString.copyFromUtf8("{\"list\":[1,2],\"o\":{}}"))
                            .setKind(random.nextBoolean() ? DocumentKind.DURABLE : DocumentKind.EPHEMERAL)
                            .setTtlMillis(random.nextBoolean() ? 0 : world.millis()));
                default -> {
                    EditDocument.Builder edit = EditDocument.newBuilder().setLenient(random.nextInt(3) != 0);
                    for (int i = random.nextInt(4); i >= 0; i--) {
                        edit.addEdits(edit(world));
                    }
                    document.setEdit(edit);
                }
            }
        }

        private static DocumentEdit edit(World world) {
            Random random = world.random();
            DocumentEdit.Builder edit = DocumentEdit.newBuilder().addAllPath(PATHS.get(random.nextInt(PATHS.size())));
            switch (random.nextInt(9)) {
                case 0 ->
                    edit.setSet(SetMember.newBuilder().setName(world.name()).setValue(world.json()));
                case 1 -> edit.setRemove(RemoveMember.newBuilder().setName(world.name()));
                case 2 ->
                    edit.setPush(AddItems.newBuilder().addValues(world.json()).addValues(world.json()));
                case 3 -> edit.setPop(TakeItem.getDefaultInstance());
                case 4 ->
                    edit.setSplice(SpliceItems.newBuilder()
                            .setStart(random.nextInt(5) - 2)
                            .setCount(random.nextInt(3))
                            .addValues(world.json()));
                case 5 -> edit.setRemoveItem(RemoveItem.newBuilder().setItem(world.json()));
                case 6 -> edit.setMerge(ReplaceValue.newBuilder().setValue(world.json()));
                case 7 -> edit.setMove(MoveValue.newBuilder().addFrom("list").addFrom("0"));
                default -> edit.setIncrement(IncrementNumber.newBuilder().setBy(random.nextInt(3)));
            }
            return edit.build();
        }
    }

    /** The cache. */
    final class OfCache implements Generator {
        private static final int BURST = 900;

        @Override
        public DataKind kind() {
            return DataKind.CACHE;
        }

        @Override
        public Set<String> unowned() {
            return Set.of("cacheEntries");
        }

        @Override
        public void fill(Command.Builder command, World world) {
            CacheCommand.Builder cache =
                    command.getCacheBuilder().setNamespace("ns").setKey(world.name());
            switch (world.random().nextInt(12)) {
                case 6, 7 ->
                    cache.clearKey()
                            .setTouch(TouchValues.newBuilder()
                                    .addKeys(world.name())
                                    .addKeys(world.name()));
                case 8 -> {
                    if (world.random().nextInt(4) == 0) {
                        cache.clearKey()
                                .getConfigureBuilder()
                                .getSettingsBuilder()
                                .setEntriesMax(world.random().nextInt(4))
                                .setBytesMax(world.random().nextInt(3) * 20L)
                                .setTtlMillis(world.random().nextInt(2) * world.millis());
                    } else {
                        cache.setDelete(DeleteValue.getDefaultInstance());
                    }
                }
                case 9 -> cache.setKey("").setClear(ClearValues.getDefaultInstance());
                case 11 -> {
                    if (world.random().nextInt(4) == 0) {
                        cache.clearKey().setPutAll(burst(world));
                    } else {
                        cache.setKey("burst").setClear(ClearValues.getDefaultInstance());
                    }
                }
                case 10 ->
                    cache.setPut(PutValue.newBuilder()
                            .setValue(world.json())
                            .setTtlMillis(world.millis())
                            .setSliding(true)
                            .setOpaque(world.random().nextBoolean()));
                case 5 -> {
                    cache.clearKey();
                    cache.getPutAllBuilder()
                            .setTtlMillis(world.millis())
                            .setKeepTtl(world.random().nextBoolean())
                            .addValues(
                                    KeyedValue.newBuilder().setKey(world.name()).setValue(world.json()))
                            .addValues(
                                    KeyedValue.newBuilder().setKey(world.name()).setValue(world.json()));
                }
                case 0 -> cache.setDelete(DeleteValue.getDefaultInstance());
                case 1 ->
                    cache.setIncrement(Increment.newBuilder()
                            .setBy(world.random().nextInt(9) - 4)
                            .setTtlMillis(world.millis()));
                case 2 ->
                    cache.setIncrement(
                            Increment.newBuilder().setByDecimal(world.random().nextInt(9) / 2.0 - 2));
                case 3, 4 -> cache.setCompareAndSet(compareAndSet(world));
                default ->
                    cache.setPut(PutValue.newBuilder()
                            .setValue(world.json())
                            .setTtlMillis(world.millis())
                            .setKeepTtl(world.random().nextBoolean()));
            }
        }

        /** So many that clears, bounds and expiries of a few of them do not fit one entry. */
        private static PutValues.Builder burst(World world) {
            PutValues.Builder all =
                    PutValues.newBuilder().setTtlMillis(world.random().nextInt(3) * world.millis());
            int from = world.random().nextInt(4) * BURST;
            for (int i = from; i < from + BURST; i++) {
                all.addValues(KeyedValue.newBuilder().setKey("burst" + i).setValue(world.json()));
            }
            return all;
        }

        private static CompareAndSet.Builder compareAndSet(World world) {
            CompareAndSet.Builder cas = CompareAndSet.newBuilder().setTtlMillis(world.millis());
            Expectation.Builder expect = cas.getExpectBuilder();
            switch (world.random().nextInt(4)) {
                case 0 -> expect.setAbsent(true);
                case 1 -> expect.setAbsentOrNull(true);
                case 2 -> expect.setRevision(world.random().nextInt(20));
                default -> expect.setValue(world.json());
            }
            return world.random().nextBoolean() ? cas.setNext(world.json()) : cas;
        }
    }

    /** Builds. */
    final class OfBuilds implements Generator {
        @Override
        public DataKind kind() {
            return DataKind.BUILD;
        }

        @Override
        public Set<String> unowned() {
            return Set.of("buildsDone");
        }

        @Override
        public void fill(Command.Builder command, World world) {
            BuildCommand.Builder build =
                    command.getBuildBuilder().setNamespace("ns").setKey(world.name());
            switch (world.random().nextInt(16)) {
                case 12 -> build.setTouch(TouchBuild.getDefaultInstance());
                case 13 ->
                    build.setPut(PutBuild.newBuilder()
                            .setValue(world.json())
                            .setTtlMillis(world.millis())
                            .setSliding(world.random().nextBoolean())
                            .setRefreshAfterMillis(world.millis()));
                case 14 -> build.setKey("").setClear(ClearBuilds.getDefaultInstance());
                case 0 -> build.setCancel(CancelReserve.newBuilder().setRequestSeq(world.seqBefore(command.getSeq())));
                case 1, 2 ->
                    build.setComplete(CompleteBuild.newBuilder()
                            .setToken(world.token())
                            .setValue(world.json())
                            .setSliding(world.random().nextBoolean())
                            .setDiscard(world.random().nextInt(4) == 0)
                            .setRefreshAfterMillis(world.millis())
                            .setTtlMillis(world.millis()));
                case 3 ->
                    build.setFail(FailBuild.newBuilder()
                            .setToken(world.token())
                            .setKeepMillis(world.random().nextBoolean() ? world.millis() : 0));
                case 4 ->
                    build.setProgress(
                            ReportProgress.newBuilder().setToken(world.token()).setProgress(world.json()));
                case 5, 6 -> build.setDelete(DeleteBuild.getDefaultInstance());
                default ->
                    build.setReserve(ReserveBuild.newBuilder()
                            .setBuildMillis(1 + world.millis())
                            .setTakeOver(world.random().nextBoolean())
                            .setOnlyWait(world.random().nextInt(4) == 0)
                            .setWaitMillis(world.waitMillis()));
            }
        }
    }

    /** Remote procedure calls: sessions call each other, and themselves. */
    final class OfCalls implements Generator {
        @Override
        public DataKind kind() {
            return DataKind.RPC;
        }

        @Override
        public Set<String> unowned() {
            return Set.of();
        }

        @Override
        public void fill(Command.Builder command, World world) {
            Random random = world.random();
            String name = world.name();
            RpcCommand.Builder rpc = command.getRpcBuilder().setNamespace("ns").setName(name);
            switch (random.nextInt(14)) {
                case 0, 1 ->
                    rpc.setRegister(RegisterWorker.newBuilder()
                            .setConcurrency(random.nextInt(4))
                            .setBacklogMax(random.nextInt(4)));
                case 2 ->
                    rpc.setUnregister(UnregisterWorker.newBuilder()
                            .setMember(member(name, world))
                            .setDrain(random.nextBoolean()));
                case 3 -> rpc.setCancel(CancelCall.newBuilder().setRequestSeq(world.seqBefore(command.getSeq())));
                case 4 ->
                    rpc.setProgress(ReportCallProgress.newBuilder()
                            .setToken(world.token())
                            .setValue(world.json()));
                case 5, 6, 7, 8 -> rpc.setComplete(complete(world));
                default ->
                    rpc.setCall(CallProcedure.newBuilder()
                            .setArguments(world.json())
                            .setTimeoutMillis(world.millis())
                            .setWaitForWorkerMillis(world.waitMillis())
                            .setIdempotent(random.nextBoolean()));
            }
        }

        private static long member(String name, World world) {
            Query inspect = Query.newBuilder()
                    .setRpc(RpcQuery.newBuilder()
                            .setNamespace("ns")
                            .setName(name)
                            .setInspect(InspectProcedure.getDefaultInstance()))
                    .build();
            List<PoolMember> workers =
                    world.core().query(inspect).getRpc().getInspection().getWorkersList();
            return workers.isEmpty()
                    ? 0
                    : workers.get(world.random().nextInt(workers.size())).getTicket();
        }

        private static CompleteCall.Builder complete(World world) {
            CompleteCall.Builder complete = CompleteCall.newBuilder().setToken(world.token());
            return switch (world.random().nextInt(5)) {
                case 0 ->
                    complete.setFailure(RemoteFailure.newBuilder().setCode("E").setMessage("failed"));
                case 1 -> complete.setCancelled(true);
                case 2 -> complete.setHandedBack(true);
                default -> complete.setResult(world.json());
            };
        }
    }
}
