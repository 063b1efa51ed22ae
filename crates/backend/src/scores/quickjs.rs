//! The game's simulation module in QuickJS.
//!
//! Each replay gets a new engine, so that no run sees the state of another one. The engine has
//! no file, network, module or clock functions; it computes, or it is stopped.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use rquickjs::context::intrinsic::{Eval, Json, MapSet, Promise, TypedArrays};
use rquickjs::module::Evaluated;
use rquickjs::{
    CatchResultExt, CaughtError, Context, Ctx, Error, Function, Module, Object, Runtime, TypedArray,
};
use tokio::sync::Semaphore;

use super::{Outcome, ReplayError, Rules, Simulation};

/// What a replay may use. The real game needs under a tenth of each for a run of an hour.
#[derive(Debug, Clone, Copy)]
pub struct EngineLimits {
    /// Bytes of the engine's heap.
    pub memory: usize,
    /// Bytes of the engine's stack.
    pub stack: usize,
    /// How often the engine may report that it is still computing. It does so about every 10,000
    /// loop turns and calls, so the same module and input meet this limit on every machine.
    pub reports: u64,
    /// Time that a replay may take on this machine.
    pub time: Duration,
    /// Replays at the same time.
    pub at_once: usize,
    /// Replays that may wait for their turn; more are refused as busy.
    pub waiting: usize,
}

impl Default for EngineLimits {
    fn default() -> Self {
        let at_once = std::thread::available_parallelism().map_or(1, usize::from);
        EngineLimits {
            memory: 16 << 20,
            stack: 256 << 10,
            reports: 2_000,
            time: Duration::from_secs(5),
            at_once,
            waiting: 256,
        }
    }
}

/// A simulation module that is ready to replay.
#[derive(Debug)]
pub struct QuickJs {
    source: Arc<str>,
    rules: Rules,
    limits: EngineLimits,
    /// One permit for each replay that runs or waits.
    places: Arc<Semaphore>,
    /// One permit for each that runs.
    engines: Arc<Semaphore>,
}

/// Why a simulation module can't be used.
#[derive(Debug, thiserror::Error)]
#[error("the simulation module can't be used: {0}")]
pub struct ModuleError(ReplayError);

impl QuickJs {
    /// Evaluates the module once, for its rules.
    ///
    /// The module exports `RULES_VERSION` and `FRAME_MS` (integers) and `replay(seed, inputs)`,
    /// which answers `{score, frame, hit}`: the points, the frames survived, and `null` or
    /// `undefined` while the run is not over.
    pub fn load(source: impl Into<Arc<str>>, limits: EngineLimits) -> Result<QuickJs, ModuleError> {
        let source = source.into();
        let rules = with_module(&source, limits, |_, module| {
            let number = |name| module.get::<_, f64>(name).and_then(|number| whole(number, name));
            Ok(Rules { version: number("RULES_VERSION")?, frame_ms: number("FRAME_MS")? })
        });
        Ok(QuickJs {
            source,
            rules: rules.map_err(ModuleError)?,
            limits,
            places: Arc::new(Semaphore::new(limits.at_once + limits.waiting)),
            engines: Arc::new(Semaphore::new(limits.at_once)),
        })
    }
}

#[async_trait]
impl Simulation for QuickJs {
    fn rules(&self) -> Rules {
        self.rules
    }

    async fn replay(&self, seed: u32, inputs: Vec<u8>) -> Result<Outcome, ReplayError> {
        let _place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| ReplayError::Busy)?;
        let engine = Arc::clone(&self.engines).acquire_owned().await.map_err(|_| ReplayError::Busy)?;
        let (source, limits) = (Arc::clone(&self.source), self.limits);
        let replayed = tokio::task::spawn_blocking(move || {
            // Held by the thread, not by the request: a client that leaves does not free the engine.
            let _engine = engine;
            replay(&source, limits, seed, inputs)
        });
        replayed.await.map_err(|error| ReplayError::Engine(error.to_string()))?
    }
}

fn replay(source: &str, limits: EngineLimits, seed: u32, inputs: Vec<u8>) -> Result<Outcome, ReplayError> {
    with_module(source, limits, |ctx, module| {
        let play: Function = module.get("replay")?;
        let inputs = TypedArray::<u8>::new(ctx.clone(), inputs)?;
        // As a float: the binding passes an unsigned integer above 2^31 as a negative one.
        let run: Object = play.call((f64::from(seed), inputs))?;
        let hit: Option<String> = run.get("hit")?;
        let number = |name| run.get::<_, f64>(name).and_then(|number| whole(number, name));
        Ok(Outcome { score: number("score")?, frames: number("frame")?, over: hit.is_some() })
    })
}

/// The binding would cut a fraction off; here it means that the module broke its word.
fn whole(number: f64, name: &'static str) -> rquickjs::Result<u32> {
    let broken = || Error::new_from_js_message("number", "u32", format!("{name} is {number}"));
    match number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
        true => Ok(number as u32),
        false => Err(broken()),
    }
}

/// Makes an engine, evaluates the module in it, and lets `task` use what it exports.
fn with_module<T>(
    source: &str,
    limits: EngineLimits,
    task: impl for<'js> FnOnce(&Ctx<'js>, &Module<'js, Evaluated>) -> rquickjs::Result<T>,
) -> Result<T, ReplayError> {
    let runtime = Runtime::new().map_err(|error| ReplayError::Engine(error.to_string()))?;
    runtime.set_memory_limit(limits.memory);
    runtime.set_max_stack_size(limits.stack);
    let stop = StopSign::new(limits);
    runtime.set_interrupt_handler(Some(stop.handler()));
    let context = Context::custom::<(Eval, Json, MapSet, Promise, TypedArrays)>(&runtime)
        .map_err(|error| ReplayError::Engine(error.to_string()))?;
    context.with(|ctx| {
        let result = Module::declare(ctx.clone(), "simulation", source)
            .and_then(Module::eval)
            .and_then(|(module, evaluated)| evaluated.finish::<()>().map(|()| module))
            .and_then(|module| task(&ctx, &module));
        result.catch(&ctx).map_err(|error| stop.explain(&error))
    })
}

/// Tells the engine when to stop, and afterwards why.
#[derive(Clone)]
struct StopSign {
    reached: Arc<std::sync::atomic::AtomicBool>,
    limits: EngineLimits,
}

impl StopSign {
    fn new(limits: EngineLimits) -> StopSign {
        StopSign { reached: Arc::default(), limits }
    }

    fn handler(&self) -> Box<dyn FnMut() -> bool + 'static> {
        let (mut reports, sign) = (0, self.clone());
        let started = Instant::now();
        Box::new(move || {
            reports += 1;
            let stop = reports > sign.limits.reports || started.elapsed() > sign.limits.time;
            sign.reached.fetch_or(stop, std::sync::atomic::Ordering::Relaxed);
            stop
        })
    }

    fn explain(&self, error: &CaughtError<'_>) -> ReplayError {
        match self.reached.load(std::sync::atomic::Ordering::Relaxed) {
            true => ReplayError::Stopped,
            false => ReplayError::Engine(error.to_string()),
        }
    }
}
